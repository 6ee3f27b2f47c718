/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every kind of open file, KIND(x) for x_kind in x.c; included many times. At dump the first that
 * says the file is its own takes it: regular files are asked last.
 */
KIND(pipe)
KIND(fifo)
KIND(reg)
