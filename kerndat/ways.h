/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The choices of the engine: CHOICE(ID, name, what, its ways, best first), each
 * WAY(ID, name, the rows it needs). The first way whose rows are all there is taken.
 * A way is forced off by KERNDAT_MASK="choice/way=no". No include guard, as in features.h.
 */
CHOICE(TASK_PID, "task_pid", "give a task its pid",
	WAY(CLONE3, "clone3", KD_CLONE3_SET_TID)
	WAY(LAST_PID, "ns_last_pid", KD_NS_LAST_PID))

CHOICE(TASK_CHILDREN, "task_children", "find the children of a task",
	WAY(CHILDREN_FILES, "children", KD_PROC_CHILDREN)
	WAY(PROC_WALK, "proc_walk", KD_NO_ROW))

CHOICE(PAGES_POPULATED, "pages_populated", "find populated pages",
	WAY(PAGEMAP_SCAN, "pagemap_scan", KD_PAGEMAP_SCAN)
	WAY(PAGEMAP, "pagemap", KD_NO_ROW))
