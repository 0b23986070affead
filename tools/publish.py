"""Put trained weights into the package; ``--help`` lists the options."""

from semtta_mm.apis.publish import main

if __name__ == '__main__':
    raise SystemExit(main())
