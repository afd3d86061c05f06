"""``python -m pairbond`` is the program."""

import subprocess
import sys

from ._program import find_program

if __name__ == "__main__":
    try:
        code = subprocess.call([find_program(), *sys.argv[1:]])
    except KeyboardInterrupt:
        # The terminal has sent it to the program, too.
        code = 130
    sys.exit(code)
