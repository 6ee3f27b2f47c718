# SPDX-License-Identifier: GPL-2.0-only
#
# Compares two dumps of one tree, which lived on unchanged between them, field by field:
#
#	python3 same_fields.py THEIRS OURS
#
# Every image becomes lines of a path and a value. Numbers which a dump gives itself (of files, pipes, shared memory) are
# replaced by what they stand for, or by the order in which the tree shows them; all else must be the same, bit by bit. What
# differs on purpose stands in EXPLAINED, with the reason. Exit status: 0 when nothing else differs, 1 and a line a difference.
import fnmatch
import glob
import hashlib
import os
import re
import sys

from pycriu.images import images

# "PATH: why": fields that may differ, be missing or be more.
EXPLAINED = [
    "inventory.dump_criu_run_id: made anew by each dump",
    "core-*.tc.timers.*.v*sec: what remains of a timer, time has gone on",
    "core-*.tc.posix_timers.v*sec: the same",
    "*.tfd.v*sec: the same",
    "remap-fpath.remap_id.atim.tv_*sec: the first dump has read the file",
    "remap-fpath.remap_id.reg.name: a name of the dump's own making",
    "core-*.thread_core.sas.ss_flags: SS_ONSTACK is seen by us alone, who ask on the task's own stack; setting it means nothing",
]

# Not compared: two runs of two programs, and raw contents (pages are compared by their pagemap).
LEFT_OUT = ("stats-", "pages-", "timens-", "pagemap-", "files.img", "fdinfo-", "ghost-file-", "memfd.img", "tty-info.img")

PAGE = 4096
PE_PRESENT = 1 << 2
OF_A_FILE = 1 << 6 | 1 << 7     # status of a mapping: private, shared


class Dump:
    """One folder of images, as lines."""

    def __init__(self, folder):
        self.folder = folder
        self.lines = {}
        self.order = {}
        self.entries = {}
        for path in sorted(glob.glob(os.path.join(folder, "*.img"))):
            name = os.path.basename(path)
            if not name.startswith("pages-"):
                self.entries[name[:-4]] = self.read(path)
        self.files = {e["id"]: e for e in self.entries.get("files", [])}
        self.memfds = {e["inode_id"]: e for e in self.entries.get("memfd", [])}
        self.ttys = {e["id"]: e for e in self.entries.get("tty-info", [])}
        self.pids = [e["pid"] for e in self.entries["pstree"]]
        self.tables()
        for name, entries in self.entries.items():
            if not (name + ".img").startswith(LEFT_OUT):
                self.image(name, entries)
        for pid in self.pids:
            self.pages("pagemap-%d" % pid, "pid %d" % pid)
        for shmid, n in self.order.get("shm", {}).items():
            self.pages("pagemap-shmem-%d" % shmid, "shm#%d" % n)

    @staticmethod
    def read(path):
        with open(path, "rb") as f:
            data = f.read()
        while True:
            try:
                return images.loads(data)["entries"]
            except UnicodeDecodeError as e:     # see crit_all.py
                text = e.object
                data = data.replace(text, text[:e.start] + b"?" * (e.end - e.start) + text[e.end:])

    def number(self, kind, key):
        """The how-manieth of its kind this is."""
        known = self.order.setdefault(kind, {})
        return "%s#%d" % (kind, known.setdefault(key, len(known) + 1))

    def tables(self):
        """Descriptors, in their order; and each open file once, where it is first seen."""
        seen = set()
        for pid in self.pids:
            table = [e["files_id"] for e in self.entries.get("ids-%d" % pid, [])]
            for n in table:
                if n in seen:
                    continue
                seen.add(n)
                for e in sorted(self.entries.get("fdinfo-%d" % n, []), key=lambda e: e["fd"]):
                    at = "fdinfo[pid %d].%d" % (pid, e["fd"])
                    first = e["id"] not in self.order.get("file", {})
                    self.put(at + ".flags", e["flags"])
                    self.put(at + ".type", e["type"])
                    self.put(at + ".file", self.number("file", e["id"]))
                    if first:
                        self.walk(self.number("file", e["id"]), self.files.get(e["id"], "missing"))

    def image(self, name, entries):
        if name == "remap-fpath":
            entries = [e for e in entries if e["orig_id"] in self.files]
            entries = sorted(entries, key=lambda e: self.file_name(e["orig_id"]))
        elif name in ("pipes-data", "fifo-data"):
            entries = [dict(e, pipe_id=self.number("pipe", e["pipe_id"])) for e in entries]
            entries.sort(key=lambda e: e["pipe_id"])
        elif name == "tty-data":
            entries = sorted((dict(e, tty_id=self.number("tty", e["tty_id"])) for e in entries), key=lambda e: e["tty_id"])
        elif name == "filelocks":
            entries = sorted(entries, key=str)
        for i, e in enumerate(entries):
            self.walk(name if len(entries) == 1 else "%s[%d]" % (name, i), e)

    def file_name(self, number):
        e = self.files.get(number, {})
        return next((v.get("name", "") for v in e.values() if isinstance(v, dict)), "")

    def walk(self, path, value):
        if isinstance(value, dict):
            for key, v in value.items():
                self.field(path, key, v, value)
        elif isinstance(value, list):
            for i, v in enumerate(value):
                self.walk("%s[%d]" % (path, i), v)
        else:
            self.put(path, value)

    def field(self, path, key, v, within):
        """One field; numbers of our own making are looked through."""
        at = path + "." + key
        if key == "id" and "file#" in path:
            if "tfd[" in path:
                self.put(at, v)
        elif key in ("cwd_id", "root_id", "exe_file_id", "regf_id") or \
                key == "shmid" and within.get("status", 0) & OF_A_FILE:
            self.walk(at, self.inline(v))
        elif key in ("shmid",) and v:
            self.put(at, self.number("shm", v))
        elif key == "pipe_id" and isinstance(v, int):
            self.put(at, self.number("pipe", v))
        elif key == "tty_info_id":
            self.put(at, self.number("tty", v))
            self.walk(at, {k: x for k, x in self.ttys.get(v, {"id": "missing"}).items() if k != "id"})
        elif key == "c_cc":
            # 19 bytes in the first of 19 words. 4.2 leaves in the others what was in its memory.
            self.walk(at, v[:4] + [v[4] & 0xffffff])
        elif key == "inode_id" and v in self.memfds:
            self.walk(at, {k: x for k, x in self.memfds[v].items() if k != "inode_id"})
        elif key == "orig_id":
            self.put(at, self.file_name(v))
        elif key == "remap_id":
            ghost = self.entries.get("ghost-file-%x" % v) or self.entries.get("ghost-file-%d" % v)
            if ghost:
                self.put(at + ".number", self.number("ghost", v))
                for i, e in enumerate(ghost):
                    self.walk(at + "[%d]" % i, e)
            else:
                self.walk(at, self.inline(v))
        else:
            self.walk(at, v)

    def inline(self, number):
        e = self.files.get(number)
        if e is None:
            return number
        return {k: {n: x for n, x in v.items() if n != "id"} if isinstance(v, dict) else v
                for k, v in e.items() if k != "id"}

    def put(self, path, value):
        self.lines[path] = value

    def pages(self, name, called):
        """A line a page: its flags and contents."""
        entries = self.entries.get(name)
        if not entries:
            return
        with open(os.path.join(self.folder, "pages-%d.img" % entries[0]["pages_id"]), "rb") as f:
            for e in entries[1:]:
                start = int(str(e["vaddr"]), 0)
                flags = e.get("flags", 0)
                for i in range(e.get("nr_pages", 0)):
                    data = f.read(PAGE) if flags & PE_PRESENT else b""
                    self.put("pages of %s.%x" % (called, start + i * PAGE), "%s %s" % (flags, hashlib.md5(data).hexdigest()))


def explained(path):
    plain = re.sub(r"\[[^]]*\]|#\d+", "", path)
    return any(fnmatch.fnmatch(plain, e.split(":")[0]) for e in EXPLAINED)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: same_fields.py THEIRS OURS")
    theirs, ours = Dump(sys.argv[1]).lines, Dump(sys.argv[2]).lines
    found = 0
    for path in list(theirs) + [p for p in ours if p not in theirs]:
        a, b = theirs.get(path, "nothing"), ours.get(path, "nothing")
        if a != b and not explained(path):
            print("%s: %.200s, ours %.200s" % (path, a, b))
            found += 1
    print("same_fields: %d fields, %d differ" % (len(theirs), found))
    return 1 if found else 0


sys.exit(main())
