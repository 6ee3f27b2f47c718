// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals of the images: tty-info.img has the sides of each, tty-data.img what waits to be read from them.
 */
#include <errno.h>

#include "base/arena.h"
#include "base/err.h"
#include "criu/fd/rtty.h"
#include "criu/fd/tty.h"
#include "criu/fd/tty_kind.h"
#include "criu/fd/tty_queue.h"
#include "criu/image/image.h"

static struct rtty *find_tty(const struct restore *rs, uint32_t id)
{
	const struct rpty *p = id >> 1 <= PTY_INDEX_MAX ? rttys_of(rs)->ptys[id >> 1] : NULL;
	struct rtty *tt = p ? id & 1 ? p->master : p->slave : NULL;

	if (!tt)
		tt = rttys_of(rs)->others;
	while (tt && tt->ti->id != id)
		tt = tt->next;
	return tt;
}

static struct rpty *get_pty(struct restore *rs, uint32_t index)
{
	struct rpty **p = &rttys_of(rs)->ptys[index];

	if (!*p && (*p = arena_obj(rs->arena, struct rpty))) {
		(*p)->index = index;
		(*p)->fd = -1;
	}
	return *p;
}

static int check_pty(struct restore *rs, const TtyInfoEntry *ti)
{
	bool master = ti->id & 1;

	if (!ti->pty || ti->pty->index > PTY_INDEX_MAX || ti->id >> 1 != ti->pty->index)
		return refuse_any(-EINVAL, "use terminal %u of tty-info.img: its number does not fit its id", ti->id);
	if (!tty_state_ok(ti) || (master && !ti->termios))
		return refuse_any(-EINVAL, "use terminal %u of tty-info.img: its modes are not complete", ti->id);
	return 0;
}

static int read_info(struct restore *rs, const TtyInfoEntry *ti)
{
	struct rttys *set = rttys_of(rs);
	struct rtty *tt = arena_obj(rs->arena, struct rtty);
	int r;

	if (!tt)
		return -ENOMEM;
	if (find_tty(rs, ti->id))
		return refuse_any(-EINVAL, "use tty-info.img: it has terminal %u twice", ti->id);
	tt->ti = ti;
	switch (ti->type) {
	case TTY_TYPE__PTY:
		r = check_pty(rs, ti);
		if (r < 0)
			return r;
		tt->pty = get_pty(rs, ti->pty->index);
		if (!tt->pty)
			return -ENOMEM;
		*(ti->id & 1 ? &tt->pty->master : &tt->pty->slave) = tt;
		return 0;
	case TTY_TYPE__CTTY:
	case TTY_TYPE__EXT_TTY:
		if (!tty_state_ok(ti))
			return refuse_any(-EINVAL, "use terminal %u of tty-info.img: its modes are not complete", ti->id);
		break;
	default:
		return refuse_any(-ENOTSUP, "restore terminal %u: consoles and serial lines are not supported yet", ti->id);
	}
	tt->next = set->others;
	set->others = tt;
	return 0;
}

int tty_read(struct restore *rs)
{
	struct rttys *set = arena_obj(rs->arena, struct rttys);
	TtyInfoEntry **infos;
	TtyDataEntry **data;
	size_t n;
	int r;

	if (!set)
		return -ENOMEM;
	set->own = -1;
	rs->files->state[FD_KIND_tty] = set;

	r = image_read_all(rs->images, IMG_TTY_INFO, 0, &tty_info_entry__descriptor, &infos, &n);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = read_info(rs, infos[i]);
	if (r >= 0)
		r = image_read_all(rs->images, IMG_TTY_DATA, 0, &tty_data_entry__descriptor, &data, &n);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct rtty *tt = find_tty(rs, data[i]->tty_id);

		if (!tt || !tt->pty || data[i]->data.len > TTY_DATA_MAX)
			return refuse_any(-EINVAL, "use tty-data.img: %zu bytes for terminal %u", data[i]->data.len, data[i]->tty_id);
		tt->td = data[i];
	}
	return r;
}

int tty_collect(struct restore *rs, struct rfile *rf)
{
	struct rtty *tt = find_tty(rs, rf->fe->tty->tty_info_id);
	struct rfile *reg;
	struct rpty *p;

	if (!tt)
		return refuse_rfile(rf, -EINVAL, "find terminal %u in tty-info.img", rf->fe->tty->tty_info_id);
	rf->state = tt;
	reg = rf->fe->tty->has_regf_id ? rfile_find(rs, rf->fe->tty->regf_id) : NULL;
	if (reg)
		reg->is_path_of_tty = true;
	tt->is_used = true;
	if (rtty_is_outside(tt))
		rttys_of(rs)->needs_own = true;
	p = tt->pty;
	if (!p || rtty_is_outside(tt))
		return 0;

	rs->files->n_held += !p->lead;
	if (!p->lead)
		p->lead = rf;
	rf->lead = p->lead;
	if (tt == p->master && p->master_file)
		return refuse_rfile(rf, -EINVAL, "open the master of pts/%u twice", p->index);
	if (tt == p->master)
		p->master_file = rf;
	else if (!p->slave_file)
		p->slave_file = rf;
	return 0;
}
