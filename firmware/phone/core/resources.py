"""The phone's own icons, that pages name (services-xml.md section 4, IconFileMenu): Resource:Icon.Messages.

Drawn for both displays: 12 by 12 points, ink or paper. Loaded with the first page that names one.
"""

from micropython import const

from phone.rare import Picture

_SIDE = const(12)
# name=rows from top to bottom, three hex digits each, the highest bit at the left.
_ICONS = (
    " connected=000700f00f047223123921e40f807e03e01c onhook=0000000003fc7feffff0fe074020007fe000"
    " offhook=000700f00f007003003801e00fe07e03e01c securecall=0780cc0841fe1fe1ce1ce1fe1fe0007fe000"
    " authenticatedcall=0007fe40240a41a5325e24c2204198060000 messages=000000fffc03b0d8f1861801801fff000000"
    " inuse=0001f83fc7fe7fe4024027fe7fe3fc1f8000 headset=0f030c402402801c03e07e07e0740201a01e"
    " speaker=0000400c41d2fcafcafcafca1d20c4040000 locked=0f01981081087fe7fe79e79e7de7fe7fe000"
    " unlocked=0f01980080087fe4024624624624027fe000 checked=0017fb40640c4186347645c44844047fc000"
    " unchecked=0007fc4044044044044044044044047fc000 radiobuttonon=0001f82044f25fa5fa5fa5fa4f22041f8000"
    " radiobuttonoff=0001f82044024024024024024022041f8000"
    " ringin=0601f83fc3fc3fc3fc7fe7fefff0000f0060 hold=00039c39c39c39c39c39c39c39c39c39c000"
    " streamingrx=00006006006006066636c1f80f00607fe000"
    " streamingtx=0000600f01f836c6660600600600607fe000"
    " streamrxtx=00010838854810810810810812a11c108000"
    " throbber=7fe20420436c1980f00901082642f43fc7fe "
)
_SAME = {"handset": "offhook", "messagewaiting": "messages"}


def resource(reference):
    """The Picture of "Resource:Icon.Messages" or "Resource:AnimatedIcon.Hold" (it stands still), or None."""
    name = reference.rpartition(".")[2].strip().lower()
    name = _SAME.get(name, name)
    drawn = _ICONS.partition(" %s=" % name)[2].partition(" ")[0] if name else ""
    if not drawn:
        return None
    strip = bytearray(_SIDE * _SIDE // 4)
    for at in range(_SIDE * _SIDE):
        if int(drawn[at // 4], 16) >> 3 - at % 4 & 1:
            strip[at >> 2] |= 3 << 2 * (at & 3)
    return Picture(_SIDE, _SIDE, (bytes(strip),))
