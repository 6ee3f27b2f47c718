#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs of a guest: busybox, ci/guest/init, and the kernel modules it needs in the order in which they load.

	ci/guest/image.py KERNEL_ROOT BUSYBOX INIT OUT

Modules are unpacked and cut behind their ELF part: checking their signature takes seconds under emulation, and the distribution's kernels
load them without. What a kernel has built in has no file and is passed over."""
import lzma
import os
import re
import sys

# The tests' own needs come behind the disks, which bring the tests in.
WANTED = """virtio_pci virtio_blk unix_diag inet_diag tcp_diag udp_diag raw_diag netlink_diag af_packet_diag
	veth tun overlay""".split()
SIGNED = b"~Module signature appended~\n"


def find_modules(root):
	found = {}
	for folder, _, files in os.walk(root):
		for f in files:
			m = re.fullmatch(r"(.+)\.ko(\.xz)?", f)
			if m and "/lib/modules/" in folder + "/":
				found[m[1].replace("-", "_")] = os.path.join(folder, f)
	return found


def read_module(path):
	data = open(path, "rb").read()
	if path.endswith(".xz"):
		data = lzma.decompress(data)
	if data.endswith(SIGNED):
		end = len(data) - len(SIGNED)
		size = int.from_bytes(data[end - 4:end], "big")	# the last field of struct module_signature, 12 bytes
		data = data[:end - 12 - size]
	return data


def ordered(wanted, found):
	"""Dependencies first, each once."""
	out = {}

	def add(name):
		if name in out or name not in found:
			return
		data = read_module(found[name])
		m = re.search(rb"\0depends=([^\0]*)\0", b"\0" + data)
		for d in (m[1].decode().split(",") if m else []):
			add(d.replace("-", "_"))
		out[name] = data

	for name in wanted:
		add(name)
	return out


def cpio_entry(ino, name, mode, data=b"", device=(0, 0)):
	head = "070701" + "".join("%08x" % n for n in (ino, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0))
	entry = head.encode() + name.encode() + b"\0"
	entry += b"\0" * (-len(entry) % 4) + data
	return entry + b"\0" * (-len(entry) % 4)


def main(root, busybox, init, out):
	modules = ordered(WANTED, find_modules(root))
	files = [("bin", 0o40755), ("dev", 0o40755), ("modules", 0o40755),
		 ("dev/console", 0o20600, b"", (5, 1)),
		 ("bin/busybox", 0o100755, open(busybox, "rb").read()),
		 ("init", 0o100755, open(init, "rb").read()),
		 ("modules/list", 0o100644, "".join(m + "\n" for m in modules).encode())]
	files += [("modules/" + m, 0o100644, data) for m, data in modules.items()]
	with open(out, "wb") as f:
		for ino, entry in enumerate(files):
			f.write(cpio_entry(ino + 1, *entry))
		f.write(cpio_entry(0, "TRAILER!!!", 0))


main(*sys.argv[1:])
