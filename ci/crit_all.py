# SPDX-License-Identifier: GPL-2.0-only
#
# Reads every image of a folder with pycriu of CRIU 4.2 and says what it does not know:
#
#	python3 crit_all.py DIR
#
# Three questions an image: can it be read; has any message in it, at any depth, a field (or an enum value) that its description
# lacks; does pycriu write what it read so that the same comes back. `crit show` alone answers only the first: protobuf drops
# unknown fields in silence. The number of images is added as a line to the file IMAGES_READ, when that is set. Exit status: 0
# when all is known, 1 and a line a finding otherwise, 2 when there is nothing to read or this program cannot see unknown fields.
import glob
import os
import struct
import sys

from pycriu.images import images

# Raw contents without a description of their own.
RAW = ("pages-", "tmpfs-", "ifaddr-", "route-", "route6-", "rule-", "iptables-", "ip6tables-", "nftables-",
       "netns-ct-", "netns-exp-")


def unknown_fields(message, path=""):
    """The places in @message that its description does not know."""
    found = ["%s field %d" % (path or "top level", f.field_number) for f in message.UnknownFields()]
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        repeated = field.label == field.LABEL_REPEATED
        for i, sub in enumerate(value if repeated else [value]):
            name = "%s[%d]" % (field.name, i) if repeated else field.name
            found += unknown_fields(sub, path + "." + name if path else name)
    return found


class Watch:
    """Sees every message that pycriu turns into a dict: at top level, parents before what they contain."""

    def __init__(self):
        self.seen = 0
        self.depth = 0
        self.found = []
        self.convert = images.pb2dict.pb2dict
        images.pb2dict.pb2dict = self

    def __call__(self, message, *args, **kwargs):
        self.seen += 1
        if not self.depth:
            self.found += unknown_fields(message)
        self.depth += 1
        try:
            return self.convert(message, *args, **kwargs)
        finally:
            self.depth -= 1

    def take(self):
        found, seen = self.found, self.seen
        self.found, self.seen = [], 0
        return found, seen


def watch_works(watch):
    """An unknown field below the top of an image has to be found: number 2000 is in no message."""
    ids = images.pb.inventory_entry(img_version=2).root_ids
    for n, field in enumerate(ids.DESCRIPTOR.fields):
        setattr(ids, field.name, n + 1)
    known = images.pb.inventory_entry(img_version=2, root_ids=ids)
    ids.MergeFromString(b"\x80\x7d\x01")
    odd = images.pb.inventory_entry(img_version=2, root_ids=ids)

    counts = []
    for message in (known, odd):
        body = message.SerializeToString()
        images.loads(struct.pack("<II", images.magic.by_name["INVENTORY"], len(body)) + body)
        counts.append(watch.take())
    return counts[0][1] > 0 and not counts[0][0] and counts[1][0] == ["root_ids field 2000"]


def first_difference(a, b, path=""):
    """Where two decoded images differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in list(a) + [k for k in b if k not in a]:
            where = first_difference(a.get(key), b.get(key), "%s.%s" % (path, key) if path else str(key))
            if where:
                return where
        return None
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            where = first_difference(x, y, "%s[%d]" % (path, i))
            if where:
                return where
        return None
    return None if a == b else "%s: %.60r, then %.60r" % (path, a, b)


def load(data):
    """The decoded image, and its bytes. A file name may be any bytes for Linux and for the engine; pycriu insists on UTF-8, in
    images of CRIU 4.2 as in ours. Such bytes are replaced, so that the rest can be looked at."""
    while True:
        try:
            return images.loads(data), data
        except UnicodeDecodeError as e:
            text = e.object
            if text not in data:
                raise
            data = data.replace(text, text[:e.start] + b"?" * (e.end - e.start) + text[e.end:])


def look(path, watch):
    """What is wrong with the image @path, a line each."""
    with open(path, "rb") as f:
        data = f.read()
    watch.take()
    try:
        image, data = load(data)
    except Exception as e:  # whatever pycriu throws at damage
        return ["cannot be read: %s: %s" % (type(e).__name__, e)]

    findings, seen = watch.take()
    findings = ["unknown: " + f for f in findings]
    if len(image["entries"]) > seen:
        findings.append("%d of %d messages were not looked at" % (len(image["entries"]) - seen, len(image["entries"])))
    try:
        again = images.dumps(image)
        # Equal bytes are equal content; else the order or width of what is written may differ, not the content.
        where = None if again == data else first_difference(image, images.loads(again))
        if where:
            findings.append("comes back different: " + where)
        elif len(again) != len(data):
            findings.append("comes back with %d bytes, it has %d" % (len(again), len(data)))
    except Exception as e:
        findings.append("cannot be written again: %s: %s" % (type(e).__name__, e))
    return findings


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: crit_all.py DIR")
    watch = Watch()
    if not watch_works(watch):
        print("crit_all: this pycriu does not show its unknown fields")
        return 2
    paths = glob.glob(os.path.join(sys.argv[1], "*.img")) + glob.glob(os.path.join(sys.argv[1], "stats-*"))
    paths = sorted(p for p in paths if not os.path.basename(p).startswith(RAW))
    if not paths:
        print("crit_all: no image in %s" % sys.argv[1])
        return 2
    bad = 0
    for path in paths:
        for finding in look(path, watch):
            print("%s: %s" % (os.path.basename(path), finding))
            bad += 1
    if "IMAGES_READ" in os.environ:
        with open(os.environ["IMAGES_READ"], "a") as f:
            f.write("%d\n" % len(paths))
    print("crit_all: %d images, %d findings" % (len(paths), bad))
    return 1 if bad else 0


sys.exit(main())
