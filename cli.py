import sys; from chatbot.__main__ import main
sys.exit(main())
