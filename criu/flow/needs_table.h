/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What images ask of a kernel: NEED(what is in them, in words, row of kerndat, a row that does as well or
 * KD_NO_ROW). The first is a function needs_...() of needs.c; what happens without is told by the row
 * itself. A restore that needs another row has its line here. No include guard: included with NEED()
 * as each use wants it.
 */
NEED(any, "processes with their pids", KD_CLONE3_SET_TID, KD_NS_LAST_PID)
NEED(any, "memory layouts", KD_PRCTL_MM_MAP, KD_NO_ROW)
NEED(compat, "32-bit processes", KD_COMPAT_CR, KD_NO_ROW)
NEED(vdso, "a vdso", KD_MREMAP_SPECIAL, KD_NO_ROW)
NEED(fetching, "files open in several tasks", KD_PIDFD_OPEN, KD_NO_ROW)
NEED(fetching, "files open in several tasks", KD_PIDFD_GETFD, KD_NO_ROW)
NEED(pending, "pending signals", KD_SIGQUEUEINFO, KD_NO_ROW)
NEED(seccomp, "seccomp filters", KD_SECCOMP, KD_NO_ROW)
NEED(rseq, "restartable sequences", KD_RSEQ_SIZE, KD_NO_ROW)
NEED(membarrier, "membarrier registrations", KD_MEMBARRIER, KD_NO_ROW)
NEED(timerfd, "timerfds", KD_TIMERFD, KD_NO_ROW)
NEED(memfd, "memory files", KD_MEMFD, KD_NO_ROW)
NEED(guards, "guard regions", KD_MADV_GUARD, KD_NO_ROW)
NEED(droppable, "droppable mappings", KD_MAP_DROPPABLE, KD_NO_ROW)
NEED(wipeonfork, "mappings that are wiped on fork", KD_MADV_WIPEONFORK, KD_NO_ROW)
NEED(own_time, "a time namespace of their own", KD_CREATE_TIME, KD_NO_ROW)
NEED(own_time, "a time namespace of their own", KD_CAP_SYS_TIME, KD_NO_ROW)
NEED(aio, "AIO contexts", KD_AIO_REMAP, KD_NO_ROW)
