// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/shm.h>

TEST(.does = "System V shared memory of the machine cannot be taken along, and is refused by name",
     .flavours = HOST,
     .refused = "System V");

void test(void)
{
	int id = shmget(IPC_PRIVATE, 100000, IPC_CREAT | 0600);
	char *p;

	if (id < 0)
		skip("no System V shared memory here: %s", strerror(errno));
	p = ok_map(shmat(id, NULL, 0));
	/* Gone with its last user, whatever becomes of this run. */
	ok_sys(shmctl(id, IPC_RMID, NULL));
	strcpy(p, "alive");
	checkpoint_and_restore();
	ok_str(p, "alive");
}
