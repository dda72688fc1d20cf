import sys; from chatbot.__main__ import main  # noqa: E401,E702
sys.exit(main())
