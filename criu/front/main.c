/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>

int main(void)
{
	puts("Version: 4.2");
	return 0;
}
