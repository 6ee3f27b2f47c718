/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps a tree from being checkpointed: one row a blocker. The codes are stable: they stand in brackets at the end of
 * a dump's refusals, and are what `criu check --tree` lists.
 *
 *	BLOCKER(id, code, when, what it is, what to do, the option that lifts it, what else lifts it)
 *
 * when: STOPS a dump and is seen from outside; STOPS_LATER: only a dump itself sees it, in the frozen task; WARNS: the
 * dump goes on and something is lost. The last two columns are "" where there is nothing of that kind.
 */

/* --- the tree --- */
BLOCKER(SELF,		"tree-criu",	STOPS,	"criu itself is in the tree",
	"start criu from elsewhere, with a parent outside of the tree", "", "")
BLOCKER(INIT,		"tree-init",	STOPS,	"the init of the system or container criu runs in",
	"run criu outside of the container", "", "")
BLOCKER(KTHREAD,	"tree-kernel-thread", STOPS, "a thread of the kernel",
	"give the pid of an ordinary process", "", "")
BLOCKER(ZOMBIE_ROOT,	"tree-zombie",	STOPS,	"the root of the tree is a zombie",
	"give the pid of a process that lives", "", "")
BLOCKER(SHELL_JOB,	"tree-shell-job", STOPS, "the root of the tree is not the leader of its session",
	"start it with setsid, or dump it as a job of the shell", "--shell-job", "")
BLOCKER(ORPHANED,	"tree-orphaned", STOPS_LATER, "the parent of a task was killed while the tree was being frozen",
	"try again", "", "")

/* --- processes and threads --- */
BLOCKER(TRACED,		"task-traced",	STOPS,	"a debugger or tracer holds the task",
	"detach it", "", "")
BLOCKER(VFORK,		"task-vfork",	STOPS,	"a task inside vfork() cannot be stopped before its child has left",
	"try again when the child has called exec or exit", "", "")
BLOCKER(SESSION,	"task-session-outside", STOPS, "the task's session has a leader outside of the tree",
	"dump a tree with the leader in it", "", "")
BLOCKER(GROUP,		"task-group-outside", STOPS, "the task's process group has a leader outside of the tree",
	"dump a tree with the leader in it", "", "")
BLOCKER(NAMESPACE,	"task-namespace", STOPS, "the task is in another namespace than criu",
	"run criu inside of that namespace", "", "a version of criu that saves namespaces")
BLOCKER(NAMESPACE_NEXT,	"task-namespace-next", STOPS, "the task's next children will be in another namespace",
	"dump it before it calls unshare or setns", "", "a version of criu that saves namespaces")
BLOCKER(NAMESPACE_MIXED, "task-namespace-mixed", STOPS, "the task is in another time namespace than the root of the tree",
	"dump each of the two as a tree of its own", "", "")
BLOCKER(SHARED_VM,	"task-shared-memory", STOPS, "two processes share one address space (CLONE_VM)",
	"end one of them", "", "")
BLOCKER(SHARED_FILES,	"task-shared-files", STOPS, "the task shares its file table with one that is not its parent",
	"end one of them", "", "")
BLOCKER(THREAD_FILES,	"thread-files",	STOPS,	"a thread has a file table of its own",
	"dump it before the thread calls unshare", "", "")
BLOCKER(THREAD_FS,	"thread-fs",	STOPS,	"a thread has a root and working directory of its own",
	"dump it before the thread calls unshare", "", "")
BLOCKER(THREAD_NAMESPACE, "thread-namespace", STOPS, "a thread is in a namespace of its own, or its next children will be",
	"dump it before the thread calls unshare or setns", "", "")
BLOCKER(EXIT_SIGNAL,	"task-exit-signal", STOPS, "the exit signal of a child is not SIGCHLD",
	"make children with SIGCHLD", "", "")
BLOCKER(SCHED,		"thread-sched",	STOPS,	"a scheduling policy that the image format cannot tell",
	"give the thread another policy (chrt)", "", "")
BLOCKER(DISPATCH,	"thread-syscall-dispatch", STOPS_LATER, "a thread dispatches its system calls to itself",
	"end the program that emulates another system", "", "")
BLOCKER(FPU,		"thread-registers", STOPS_LATER, "registers that the image format has no place for",
	"try again when the program does not use them", "", "")
BLOCKER(DEAD_LEADER,	"task-leader-gone", STOPS_LATER, "the first thread has exited and there is no 64-bit vdso",
	"let the first thread wait for the others", "", "")
BLOCKER(TIMERS,		"task-timers",	STOPS,	"more POSIX timers than one look takes",
	"delete some", "", "")
BLOCKER(SECCOMP,	"task-seccomp",	STOPS,	"seccomp filters that criu may neither suspend nor read",
	"run criu as root of the initial user namespace, without seccomp", "", "CAP_SYS_ADMIN")
BLOCKER(FILTERS,	"task-seccomp-filters", STOPS_LATER, "more seccomp filters than a chain can have",
	"", "", "")
BLOCKER(CGROUP,		"task-cgroup",	STOPS,	"the task's cgroup is outside of criu's cgroup namespace",
	"run criu in the cgroup namespace of the task or in one above", "", "")
BLOCKER(PRIVILEGE,	"task-privilege", STOPS, "criu may not take hold of the task",
	"run criu as root, or as the task's user with CAP_CHECKPOINT_RESTORE and CAP_SYS_PTRACE", "", "")
BLOCKER(NO_FD_FREE,	"task-descriptors", STOPS_LATER, "no descriptor number is free in the task for criu to talk through",
	"raise its RLIMIT_NOFILE, or close a descriptor", "", "")
BLOCKER(UNREADABLE,	"unreadable",	STOPS,	"something that a dump must read cannot be read",
	"see the errors above the list", "", "")
BLOCKER(TIME_NAMESPACE, "task-time-namespace", WARNS, "the tree is in a time namespace of its own, and criu may make none here",
	"restore it with more privileges, on a kernel with time namespaces", "", "CAP_SYS_ADMIN and CAP_SYS_TIME")
BLOCKER(SHARED_FS,	"task-shared-fs", WARNS, "two processes share working directory and umask (CLONE_FS)",
	"nothing, if neither calls chdir or umask any more", "", "")

/* --- memory --- */
BLOCKER(MAP_DEVICE,	"map-device",	STOPS,	"a device is mapped, whose state only its driver knows",
	"close the device before the dump", "", "")
BLOCKER(MAP_OBJECT,	"map-kernel-object", STOPS, "memory shared with the kernel through a descriptor (io_uring, perf, ...)",
	"close it before the dump", "", "")
BLOCKER(MAP_SOCKET,	"map-socket",	STOPS,	"the ring of a packet socket is mapped",
	"close the socket before the dump", "", "")
BLOCKER(MAP_SYSV,	"map-sysv-shm",	STOPS,	"a System V segment outlives the tree",
	"detach it before the dump", "", "a version of criu that saves ipc namespaces")
BLOCKER(MAP_LOST,	"map-lost",	STOPS,	"a mapped file that can be reached neither by its path nor by map_files",
	"run criu with more privileges", "", "CAP_CHECKPOINT_RESTORE")
BLOCKER(MAP_SHSTK,	"map-shadow-stack", STOPS, "a shadow stack",
	"start the program without shadow stacks", "", "")
BLOCKER(MAP_TAGS,	"map-memory-tags", STOPS, "memory with tags (arm64 MTE)",
	"start the program without memory tagging", "", "")
BLOCKER(MAP_UNKNOWN,	"map-unknown",	STOPS,	"a mapping of the kernel of a kind that is not known",
	"a mapping [uprobes] can be left out", "--allow-uprobes", "")
BLOCKER(MAP_SEALED,	"map-sealed",	WARNS,	"a mapping is sealed (mseal) and will not be after restore",
	"", "", "")

/* --- names of open, mapped and working files --- */
BLOCKER(GHOST,		"file-deleted-large", STOPS, "a deleted file that occupies more than the limit",
	"truncate it, or raise the limit", "--ghost-limit", "")
BLOCKER(GHOST_SOCKET,	"file-deleted-socket", STOPS, "the deleted name of a socket",
	"close it before the dump", "", "")
BLOCKER(LINKED,		"file-name-gone", STOPS, "a deleted file which has other hard links",
	"allow a temporary hard link beside it", "--link-remap", "")
BLOCKER(NO_MOUNT,	"file-no-mount", STOPS, "a file in no mount that can be reached by a path",
	"close it before the dump", "", "")
BLOCKER(HIDDEN,		"file-hidden",	STOPS,	"the path of an open file leads to another one",
	"unmount what hides it, or give it at restore by --inherit-fd", "--external", "")

/* --- open files --- */
BLOCKER(LEASE,		"fd-lease",	STOPS,	"a lease, which any open breaks",
	"give it up before the dump (F_UNLCK)", "", "")
BLOCKER(LOCK,		"fd-lock",	STOPS,	"a file lock",
	"allow file locks", "--file-locks", "")
BLOCKER(LOCK_KIND,	"fd-lock-kind",	STOPS,	"a file lock of a kind that is not known",
	"unlock it before the dump", "", "")
BLOCKER(EPOLL_LOST,	"fd-epoll-lost", STOPS,	"an epoll watches a file that is no descriptor of the process any more",
	"take it out of the epoll before closing it", "", "")
BLOCKER(TTY,		"fd-terminal",	STOPS,	"a terminal whose other side is outside of the tree",
	"dump it as a job of the shell, or pass it as external", "--shell-job or --external tty[RDEV:DEV]", "")
BLOCKER(TTY_INDEX,	"fd-terminal-index", STOPS, "a pseudo terminal with a number that images have no room for",
	"", "", "")
BLOCKER(TTY_QUEUE,	"fd-terminal-queue", STOPS_LATER, "what waits at a pseudo terminal cannot be saved",
	"let it be read before the dump", "", "")
BLOCKER(PIPE_OUTSIDE,	"fd-pipe-outside", WARNS, "a pipe has an end outside of the tree",
	"give it anew at restore", "--inherit-fd fd[N]:pipe:[INODE] at restore", "")
BLOCKER(SOCKET,		"fd-socket",	STOPS,	"a socket",
	"close it before the dump", "", "a version of criu that saves sockets")
BLOCKER(INOTIFY,	"fd-inotify",	STOPS,	"an inotify instance",
	"close it before the dump", "", "a version of criu that saves file system watches")
BLOCKER(FANOTIFY,	"fd-fanotify",	STOPS,	"a fanotify group",
	"close it before the dump", "", "a version of criu that saves file system watches")
BLOCKER(BPF,		"fd-bpf",	STOPS,	"a BPF object",
	"close it before the dump", "", "")
BLOCKER(PIDFD,		"fd-pidfd",	STOPS,	"a pidfd",
	"close it before the dump", "", "")
BLOCKER(IO_URING,	"fd-io-uring",	STOPS,	"an io_uring",
	"stop the program's use of io_uring", "", "")
BLOCKER(USERFAULTFD,	"fd-userfaultfd", STOPS, "a userfaultfd",
	"close it before the dump", "", "")
BLOCKER(PERF,		"fd-perf-event", STOPS,	"a performance counter",
	"close it before the dump", "", "")
BLOCKER(NOTIFY,		"fd-seccomp-notify", STOPS, "a seccomp listener",
	"close it before the dump", "", "")
BLOCKER(LANDLOCK,	"fd-landlock",	STOPS,	"a landlock ruleset",
	"close it before the dump", "", "")
BLOCKER(FSCONTEXT,	"fd-fscontext",	STOPS,	"a file system context",
	"close it before the dump", "", "")
BLOCKER(KVM,		"fd-kvm",	STOPS,	"a virtual machine of KVM",
	"close it before the dump", "", "")
BLOCKER(KERNEL_OBJECT,	"fd-kernel-object", STOPS, "a kernel object of a type that is not known",
	"close it before the dump", "", "")
BLOCKER(DMABUF,		"fd-dmabuf",	STOPS,	"a DMA buffer",
	"close it before the dump", "", "")
BLOCKER(NS_FILE,	"fd-namespace",	STOPS,	"a namespace file",
	"close it before the dump", "", "a version of criu that saves namespaces")
BLOCKER(DEVICE,		"fd-device",	STOPS,	"a device with state",
	"close it before the dump", "", "")
BLOCKER(BLOCK,		"fd-block-device", STOPS, "a block device",
	"close it before the dump", "", "")
BLOCKER(UNKNOWN_FILE,	"fd-unknown",	STOPS,	"a file of a kind that is not known",
	"close it before the dump", "", "")
