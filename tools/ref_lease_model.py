"""The lease on refs (docs/architecture.md), for lease_model.py to explore: a register that is only swapped, with readings as
old as the lag, swaps that arrive late or whose answer is lost, clocks that differ, crashes and the sweep.

Broken designs: nocompare (a swap looks at nothing), blindrelease (release removes whatever is there, perhaps late),
asread (who reads an expired claim writes over whatever came since).

A state is (0, value, earlier values, workers, next id, late swaps); a value (expiry, id) or None; a worker (step, id to swap
from, expiry, own id); a late swap (id to swap from, value). The id of nothing is 0. Times are counted from now, and what is
long over is all one, so that the states are finite: all of time is explored, whatever --ticks says."""
from __future__ import annotations

from lease_model import IDLE, LAG, MARGIN, Model

LEASE, SWEEP_AFTER = 3, 1  # shorter than in lease_model.py, because nothing bounds the time
ANYTHING = -1  # what a broken swap compares with
MOST_LATE = 1
LONG_OVER = -(SWEEP_AFTER + MARGIN + 1)


def _id(value) -> int:
    return value[1] if value else 0


def _is_alive(value, now) -> bool:
    return value is not None and now < value[0] + MARGIN


class RefModel(Model):
    def _start(self):
        return (0, None, (None,) * LAG, (IDLE,) * len(self.skew), 1, ())

    def _canonical(self, state):
        """Ids are only compared for equality, times only with now: number them afresh, and forget what can do no more."""
        time, value, earlier, workers, _, late = state
        workers = tuple(IDLE if self._is_over(worker, time + skew) else worker for worker, skew in zip(workers, self.skew))
        possible = self._possible(value, workers, late)
        late = tuple(swap for swap in late if swap[0] in possible)
        coming = {_id(value)} | {_id(after) for _, after in late}
        workers = tuple(IDLE if worker[0] == "create" and worker[1] not in possible and worker[3] not in coming else worker
                        for worker in workers)
        # An old reading of what is gone for good leads to nothing.
        earlier = tuple(one if _id(one) in possible else value for one in earlier)
        fresh = {0: 0, ANYTHING: ANYTHING}
        name = lambda one: fresh.setdefault(one, len(fresh) - 1)
        since = lambda instant: max(instant - time, LONG_OVER)
        renumber = lambda one: (since(one[0]), name(one[1])) if one else None
        value, earlier = renumber(value), tuple(map(renumber, earlier))
        workers = tuple(worker if worker == IDLE else (worker[0], name(worker[1]), since(worker[2]), name(worker[3]))
                        for worker in workers)
        late = tuple(sorted(((name(before), renumber(after)) for before, after in late), key=repr))
        if len(set(self.skew)) == 1:
            workers = tuple(sorted(workers))
        return (0, value, earlier, workers, len(fresh) - 1, late)

    def _possible(self, value, workers, late) -> set:
        """The ids that the register holds or may come to hold."""
        if "nocompare" in self.words:
            return {worker[1] for worker in workers} | {swap[0] for swap in late} | {0, ANYTHING, _id(value)}
        own = {worker[3] for worker in workers if worker[0] == "create"}
        return {0, ANYTHING, _id(value)} | {_id(after) for _, after in late} | own

    def _is_over(self, worker, now) -> bool:
        return worker[0] == "hold" and now >= worker[2] - MARGIN

    def _swapped(self, value, before, after):
        """What the register holds afterwards, and whether the swap was done."""
        is_done = before == ANYTHING or _id(value) == before or "nocompare" in self.words
        return (after, True) if is_done else (value, False)

    def _moves(self, state):
        time, value, earlier, workers, next_id, late = state
        yield (time + 1, value, (earlier + (value,))[-LAG:], workers, next_id, late)
        for swap in late:
            left = list(late)
            left.remove(swap)
            yield (time, self._swapped(value, *swap)[0], earlier, workers, next_id, tuple(left))
        if value and value[0] + SWEEP_AFTER + MARGIN <= time:
            yield (time, None, earlier, workers, next_id, late)
        for index, worker in enumerate(workers):
            for now, left, following, swaps in self._work(state, index, worker):
                yield (time, left, earlier, workers[:index] + (now,) + workers[index + 1:], following, swaps)

    def _work(self, state, index, worker):
        """What one worker may do next: (worker, value, next id, late swaps)."""
        time, value, earlier, _, next_id, late = state
        now = time + self.skew[index]
        if worker[0] == "idle":
            for reading in {value, *earlier}:
                if not _is_alive(reading, now):
                    before = ANYTHING if "asread" in self.words else _id(reading)
                    yield (("create", before, now + LEASE, next_id), value, next_id + 1, late)
            return
        yield (IDLE, value, next_id, late)  # crash
        if worker[0] == "create":
            yield from self._take(value, next_id, late, worker)
        elif worker[0] == "hold":
            yield from self._hold(value, next_id, late, worker, now)

    def _take(self, value, next_id, late, worker):
        _, before, expiry, own = worker
        mine = (expiry, own)
        after, is_done = self._swapped(value, before, mine)
        yield (("hold", 0, expiry, own) if is_done or _id(value) == own else IDLE, after, next_id, late)
        if len(late) < MOST_LATE:  # it arrives later; the worker sends it again, or gives up and takes it back
            yield (worker, value, next_id, late + ((before, mine),))
            yield (IDLE, self._swapped(value, own, None)[0], next_id, late + ((before, mine),))

    def _hold(self, value, next_id, late, worker, now):
        own = worker[3]
        if self._is_over(worker, now):
            return
        # Who extends goes on relying on what it has until that is done.
        longer = ("create", own, now + LEASE, next_id)
        for after, left, number, swaps in self._take(value, next_id + 1, late, longer):
            if after[0] != "create":
                yield (after, left, number, swaps)
        if len(late) < MOST_LATE:  # the answer is lost, and what was sent again is done, before or after the first
            done, is_done = self._swapped(value, own, (now + LEASE, next_id))
            if is_done:
                yield (("hold", 0, now + LEASE, next_id), done, next_id + 1, late + ((own, (now + LEASE, next_id)),))
        before = ANYTHING if "blindrelease" in self.words else own
        yield (IDLE, self._swapped(value, before, None)[0], next_id, late)
        if len(late) < MOST_LATE:
            yield (IDLE, value, next_id, late + ((before, None),))
