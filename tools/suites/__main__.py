import sys

from suites.command import main

sys.exit(main())
