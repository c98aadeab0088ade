"""OpenCV's two QR detectors over a folder of pictures, one JSON line each.

Runs in an environment of its own:

python3 -m venv /somewhere && /somewhere/bin/pip install opencv-python-headless
/somewhere/bin/python benchmarks/certificates/opencv_side.py FOLDER
"""

import json
import sys
from pathlib import Path

import cv2

DETECTORS = (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())


def texts(path: Path) -> list[str]:
    """What each detector reads; the better of the two counts for OpenCV."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    found = []
    for detector in DETECTORS:
        try:
            text, _, _ = detector.detectAndDecode(image)
        except cv2.error:
            text = ""
        found.append(text)
    return found


print(json.dumps({"opencv": cv2.__version__}))
for picture in sorted(Path(sys.argv[1]).glob("*.png")):
    print(json.dumps({"name": picture.name, "texts": texts(picture)}))
