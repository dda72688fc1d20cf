import sys; from chatbot.__main__ import main  # fmt: skip
if __name__ == "__main__": sys.exit(main())  # fmt: skip
