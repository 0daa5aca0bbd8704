"""Imports of print start no other programs."""

import subprocess
import sys

PROGRAM = """
import sys
sys.addaudithook(lambda event, given: event == "subprocess.Popen" and print("starts", given[0]))
from quizgen.writers import writer
writer("pdf")
import ctypes.util
print(ctypes.util.find_library.__module__)
"""


def test_importing_print_runs_no_compiler_and_leaves_the_search_for_libraries_as_it_was():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == "ctypes.util\n"
