"""Translate lines of a phone back: python -m host_tools.shorten build/unix/names.json < log"""

import json
import sys
from pathlib import Path

from host_tools.shorten.back import Back

if len(sys.argv) != 2:
    sys.exit(__doc__)
back = Back(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
for line in sys.stdin:
    print(back.line(line.rstrip("\n")), flush=True)
