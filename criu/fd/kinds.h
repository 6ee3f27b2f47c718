/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every kind of open file, KIND(x) for x_kind in x.c; included many times. At dump the first that
 * says the file is its own takes it: regular files are asked last.
 */
KIND(eventfd)
KIND(signalfd)
KIND(timerfd)
KIND(epoll)
KIND(pipe)
KIND(fifo)
KIND(tty)
KIND(memfd)
KIND(reg)
