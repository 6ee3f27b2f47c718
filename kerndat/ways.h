/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The choices of the engine: CHOICE(ID, name, what, its ways, best first), each
 * WAY(ID, name, the rows it needs, all of them). The first way whose rows are all there is taken.
 * A way is forced off by KERNDAT_MASK="choice/way=no". No include guard, as in features.h.
 *
 * Only what the engine asks stands here, and ci/masks runs every second way. What it does in one way alone is
 * no choice, and docs/kerndat.md tells why.
 */
CHOICE(TASK_PID, "task_pid", "give a task its pid",
	WAY(CLONE3, "clone3", KD_CLONE3_SET_TID)
	WAY(LAST_PID, "ns_last_pid", KD_NS_LAST_PID))

CHOICE(TASK_CHILDREN, "task_children", "find the children of a task",
	WAY(CHILDREN_FILES, "children", KD_PROC_CHILDREN)
	WAY(PROC_WALK, "proc_walk", KD_NO_ROW))

CHOICE(PAGES_POPULATED, "pages_populated", "find populated pages",
	WAY(PAGEMAP_SCAN, "pagemap_scan", KD_PAGEMAP_SCAN)
	WAY(PAGEMAP, "pagemap", KD_PAGEMAP))

CHOICE(PAGES_FETCH, "pages_fetch", "fetch pages",
	WAY(VM_READV, "process_vm_readv", KD_PROCESS_VM_READV)
	WAY(PROC_MEM, "proc_mem", KD_NO_ROW))

CHOICE(MAPPED_FILES, "mapped_files", "open mapped files",
	WAY(MAP_FILES, "map_files", KD_MAP_FILES)
	WAY(MAPPED_PATH, "path", KD_NO_ROW))

CHOICE(TASK_LIMITS, "task_limits", "read limits of a task",
	WAY(LIMITS_FILE, "limits_file", KD_NO_ROW)
	WAY(PRLIMIT, "prlimit", KD_NO_ROW))

CHOICE(SAME_FILE, "same_file", "compare file descriptions",
	WAY(KCMP, "kcmp", KD_KCMP)
	WAY(REFUSE_SHARED, "refuse", KD_NO_ROW))

CHOICE(TIMER_IDS, "timer_ids", "give a POSIX timer its id",
	WAY(TIMER_CR_IDS, "timer_cr_ids", KD_TIMER_CR_IDS)
	WAY(TIMER_COUNT_UP, "count_up", KD_NO_ROW))

CHOICE(TREE_CLOCKS, "tree_clocks", "let the clocks of a tree go on",
	WAY(TIME_NS, "time_ns", KD_CREATE_TIME, KD_CAP_SYS_TIME)
	WAY(HOST_CLOCKS, "host", KD_NO_ROW))
