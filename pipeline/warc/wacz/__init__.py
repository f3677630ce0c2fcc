"""WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1): packages of WARC files that a browser replays."""
