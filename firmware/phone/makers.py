"""What the agent makes when it is wanted first, of parts that it has: each is read from flash then."""


class Makers:
    def _push(self):
        """The server of the status pages, read from flash for the first visitor."""
        from phone.core.report import serve

        return serve(self._desk.picture, self._config, self._book, self._wall, self._net, self._client,
                     self._requests.counts, self._cause, self._mistakes, self._heap, self._managers)

    def _own_pages(self, stack, look):
        """The phone's own pages, loaded with the first that is wanted."""
        from phone.own import OwnPages

        return OwnPages(self._theme, stack, self._requests, self._machines, look, self._config,
                        self._mistakes, self._book, self._net, self._journal, self._wall, self._prober,
                        self._client, self._taste, self._managers)

    def _show_pictures(self):
        """Pictures of pages, with the first page that has some."""
        from phone.core.pictures import Pictures

        self._pictures = Pictures(self._desk, self._theme, self._unpack, self._heap, self._book,
                                  self._net, self._requests, self._client, self._journal)
        self._machines.append(self._pictures)

    def _queue(self):
        """Where pages wait for their moment: that of pushes, or with the first page that has another wait."""
        from phone.core.porter import Porter

        found = [machine for machine in self._machines if type(machine) is Porter]
        if not found:
            from phone.outside import Outside

            outside = Outside(self._desk, self._client, self._theme, self._requests)
            found = [Porter(self._config, self._book, self._net, self._journal, outside, self._managers)]
            self._machines += found
        return found[0]
