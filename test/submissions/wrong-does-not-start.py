import sys
print("no thanks")
sys.exit(3)
