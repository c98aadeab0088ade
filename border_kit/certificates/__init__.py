"""IS THE PAPER REAL? A photo, a PDF page or a scanner's burst becomes verified claims, or the exact stage that failed."""
