"""SocialAI Hub: the AI social inbox a small business runs on its own machine."""

import os
import sys

import pysqlite3

# Two SQLite libraries on one file in one process break its locking, and many Pythons' own cannot load
# sqlite-vec: aiosqlite, huey and sqlite-utils must all find this one.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

# numpy would spread each small product over all processors, and its threads spin while others work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# llama.cpp's threads would spin while they wait for each other; read when its library is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"
