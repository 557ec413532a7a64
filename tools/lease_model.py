#!/usr/bin/env python3
"""Explores every interleaving of workers that take the lease of docs/architecture.md, and looks for two holders at once.

    tools/lease_model.py [--workers 2] [--ticks 7] [WORD…]     one design; the words are below
    tools/lease_model.py --check                               the design, and each broken one, which must be caught

The world:  mix     each token in a reading may be as old as the lag allows, independently of the others
            dup     two creations of one name within one lag may both succeed (GitHub does not promise otherwise)
            one     a name shows one definition
            lost    the reply to a creation may be lost, once for each worker; its sender looks whether a token with its
                    name is there
The design: settle  verify only after one lag has passed since the creation
Broken:     patch (renew by rewriting a token), delname (delete by name, late), noverify, nomargin,
            rash (a token that is found after a lost reply counts without a second look)
Or:         refs    the lease on refs (ref_lease_model.py); broken: nocompare, blindrelease, asread

A state is (time, tokens, earlier token sets, workers, next id, late deletes); a token (number, holder, expiry, id); a worker
(step, number, expiry, id, lost replies)."""
from __future__ import annotations

import argparse
import sys
from collections import deque
from itertools import combinations, combinations_with_replacement

LEASE, MARGIN, LAG, SWEEP_AFTER = 4, 1, 1, 3
SKEWS = (0, 1)  # how far a worker's clock runs ahead; two differ by at most MARGIN
MOST_TOKENS = 5
MOST_STATES = 4_000_000
# With lost replies there are far more states, so fewer of everything.
MOST_LOST, MOST_TOKENS_LOST = 1, 2  # lost replies of each worker
IDLE = ("idle", 0, 0, 0)
WITH_ID = ("verify", "hold", "unsure")
WITHOUT_REPLY = ("unseen", "unsure")

# (words, ticks, whether it is safe), with enough ticks for each broken design to show itself.
CHECKS = (("mix settle", 7, True), ("dup mix settle one", 6, True), ("mix", 8, False), ("mix settle patch", 8, False),
          ("mix settle delname", 8, False), ("mix settle noverify", 8, False), ("mix settle lost", 7, True),
          ("mix settle lost rash", 8, False), ("refs", 8, True), ("refs nocompare", 8, False), ("refs blindrelease", 8, False),
          ("refs asread", 8, False))


class Model:
    """One design in one world, with the given clocks."""

    def __init__(self, words: set[str], ticks: int, skew: tuple[int, ...]):
        self.words = words
        self.ticks = ticks
        self.skew = skew
        self.states = 0

    def find_violation(self) -> list | None:
        """The shortest path to two holders, or None. Raises OverflowError beyond MOST_STATES."""
        start = self._start()
        came_from = {start: None}
        waiting = deque([start])
        while waiting:
            state = waiting.popleft()
            self.states += 1
            if self.states > MOST_STATES:
                raise OverflowError
            if self._holders(state) > 1:
                return _path(came_from, state)
            for following in map(self._canonical, self._moves(state)):
                if following not in came_from:
                    came_from[following] = state
                    waiting.append(following)
        return None

    def _start(self):
        return (0, frozenset(), (frozenset(),) * LAG, ((*IDLE, 0),) * len(self.skew), 1, ())

    def _holders(self, state) -> int:
        time, workers = state[0], state[3]
        margin = 0 if "nomargin" in self.words else MARGIN
        return sum(worker[0] == "hold" and time + self.skew[i] < worker[2] - margin for i, worker in enumerate(workers))

    def _canonical(self, state):
        """Ids are only compared for equality: number them afresh, and forget what can no longer matter."""
        time, tokens, earlier, workers, _, late = state
        by_name = "delname" in self.words
        late = tuple(delete for delete in late if by_name or any(token[3] == delete[1] for token in tokens))
        ids = {token[3] for reading in (tokens, *earlier) for token in reading}
        ids |= {worker[3] for worker in workers if worker[0] in WITH_ID} | {delete[1] for delete in late}
        fresh = {old: new for new, old in enumerate(sorted(ids), start=1)}
        renumber = lambda reading: frozenset((*token[:3], fresh[token[3]]) for token in reading)
        return (time, renumber(tokens), tuple(map(renumber, earlier)),
                tuple((*worker[:3], fresh[worker[3]], worker[4]) if worker[0] in WITH_ID else worker for worker in workers),
                len(fresh) + 1, tuple((number, fresh[one]) for number, one in late))

    def _moves(self, state):
        time, tokens, earlier, workers, next_id, late = state
        if time < self.ticks:
            yield (time + 1, tokens, (earlier + (tokens,))[-LAG:], workers, next_id, late)
        for delete in late:  # it was sent, and arrives now
            hit = 0 if "delname" in self.words else 1
            left = frozenset(token for token in tokens if token[0 if hit == 0 else 3] != delete[hit])
            yield (time, left, earlier, workers, next_id, tuple(other for other in late if other != delete))
        for token in tokens:  # the sweep
            if token[2] + SWEEP_AFTER + MARGIN <= time:
                yield (time, tokens - {token}, earlier, workers, next_id, late)
        for index, worker in enumerate(workers):
            for now, left, following, deletes in self._work(state, index, worker[:4]):
                lost = worker[4] + (now[0] in WITHOUT_REPLY)
                if lost > MOST_LOST:
                    continue
                others = workers[:index] + ((*now, lost),) + workers[index + 1:]
                yield (time, left, earlier, others, following, deletes)

    def _work(self, state, index, worker):
        """What one worker may do next: (worker, tokens, next id, late deletes)."""
        time, tokens, earlier, _, next_id, late = state
        now = time + self.skew[index]
        same = (tokens, next_id, late)
        if worker[0] == "idle":
            yield from ((after, *same) for after in self._look(tokens, earlier, now))
        elif worker[0] == "create":
            yield from self._create(state, index, worker, now)
        elif worker[0] == "verify":
            yield from ((after, left, next_id, late) for after, left in self._verify(tokens, earlier, worker, now))
        elif worker[0] == "hold":
            yield from self._hold(state, index, worker, now)
        elif worker[0] in ("unseen", "unsure"):
            yield from ((after, *same) for after in self._look_for_own(tokens, earlier, index, worker, now))

    def _look_for_own(self, tokens, earlier, index, worker, now):
        """After a lost reply: a token under our name is ours; one that prolongs a claim must come while that lasts."""
        step, number, expiry, _ = worker
        for reading in self._readings(tokens, earlier):
            own = [token for token in reading if token[0] == number and token[1] == index]
            if own and step == "unseen":
                yield ("hold" if "rash" in self.words else "verify", number, own[0][2], own[0][3])
            elif own and now < expiry - MARGIN:
                yield ("hold", number, own[0][2], own[0][3])
            else:
                yield IDLE

    def _look(self, tokens, earlier, now):
        for reading in self._readings(tokens, earlier):
            highest = max(reading, default=None)
            if highest is None:
                yield ("create", 1, 0, 0)
            elif not _is_alive(highest, now):
                yield ("create", highest[0] + 1, 0, 0)

    def _create(self, state, index, worker, now):
        _, tokens, earlier, _, next_id, late = state
        number = worker[1]
        unseen = lambda token: "dup" in self.words and all(token not in old for old in earlier)
        if any(token[0] == number and not unseen(token) for token in tokens):
            yield (IDLE, tokens, next_id, late)
        else:
            token = (number, index, now + LEASE, next_id)
            yield (("verify", number, now + LEASE, next_id), tokens | {token}, next_id + 1, late)
            if "lost" in self.words:
                yield (("unseen", number, 0, 0), tokens | {token}, next_id + 1, late)
        yield (IDLE, tokens, next_id, late)  # gave up, or crashed, before sending

    def _verify(self, tokens, earlier, worker, now):
        _, number, expiry, own = worker
        hold = (("hold", number, expiry, own), tokens)
        give_way = (IDLE, frozenset(token for token in tokens if token[3] != own))
        if "noverify" in self.words:
            yield hold
            return
        if "settle" in self.words and now < expiry - LEASE + LAG:
            return  # too early
        for reading in self._readings(tokens, earlier):
            if not any(token[3] == own for token in reading):
                if any(token[0] == number for token in reading):
                    yield give_way
                continue  # not visible yet: read again
            rival = any(token[3] != own and (token[0] > number or _is_alive(token, now)) for token in reading)
            yield give_way if rival else hold

    def _hold(self, state, index, worker, now):
        _, tokens, _, _, next_id, late = state
        _, number, expiry, own = worker
        if "patch" in self.words:
            rewritten = frozenset((*token[:2], now + LEASE, own) if token[3] == own else token for token in tokens)
            yield (("hold", number, now + LEASE, own), rewritten, next_id, late)
        elif now < expiry and number < (MOST_TOKENS_LOST if "lost" in self.words else MOST_TOKENS):  # extend
            if any(token[0] == number + 1 for token in tokens):
                yield (IDLE, tokens, next_id, late)
            else:
                token = (number + 1, index, now + LEASE, next_id)
                yield (("hold", number + 1, now + LEASE, next_id), tokens | {token}, next_id + 1, late)
                if "lost" in self.words:
                    yield (("unsure", number + 1, expiry, own), tokens | {token}, next_id + 1, late)
        if now < expiry - MARGIN:  # release: the deletes arrive now, or later
            mine = [token for token in tokens if token[1] == index]
            yield (IDLE, tokens - set(mine), next_id, late)
            if len(mine) == 1 and not late:
                yield (IDLE, tokens, next_id, ((mine[0][0], mine[0][3]),))
        yield (IDLE, tokens, next_id, late)  # crash

    def _readings(self, tokens, earlier):
        """All that one reading may show."""
        if "mix" in self.words:
            certain = tokens.intersection(*earlier)
            unsure = list(tokens.union(*earlier) - certain)
            shown = {certain | frozenset(some) for count in range(len(unsure) + 1) for some in combinations(unsure, count)}
        else:
            shown = {tokens, *earlier}
        if "one" not in self.words:
            return shown
        return {frozenset(min((token for token in reading if token[0] == number), key=lambda token: token[3])
                          for number in {token[0] for token in reading}) for reading in shown}


def _is_alive(token, now) -> bool:
    return now < token[2] + MARGIN


def _path(came_from, state) -> list:
    path = []
    while state is not None:
        path.append(state)
        state = came_from[state]
    return path[::-1]


def explore(words: set[str], ticks: int, workers: int = 2) -> tuple[int, list | None]:
    """(states, path to a violation) over all clocks."""
    from ref_lease_model import RefModel  # which stands on this file

    states = 0
    for skew in combinations_with_replacement(SKEWS, workers):  # who is ahead does not matter
        model = (RefModel if "refs" in words else Model)(words, ticks, skew)
        path = model.find_violation()
        states += model.states
        if path:
            return states, path
    return states, None


def check() -> int:
    passed = failed = 0
    for words, ticks, is_safe in CHECKS:
        states, path = explore(set(words.split()), ticks)
        good = (path is None) == is_safe
        passed += good
        failed += not good
        found = f"two holders after {states:,} states" if path else f"no violation in {states:,} states"
        print(f"{'ok  ' if good else 'FAIL'} {words} ({'safe' if is_safe else 'broken'}): {found}", flush=True)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Explores the lease protocol.")
    parser.add_argument("words", nargs="*", help="the world and the design, see the top of this file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ticks", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="the design must be safe, each broken one must be caught")
    options = parser.parse_args()
    if options.check:
        return check()
    states, path = explore(set(options.words or ["mix", "settle"]), options.ticks, options.workers)
    for state in path or []:
        tokens = state[1] if "refs" in options.words else sorted(state[1])
        print(f"t={state[0]} tokens={tokens} workers={[worker[:3] for worker in state[3]]} late={state[5]}")
    print(f"{'two holders' if path else 'no violation'} after {states:,} states")
    return 1 if path else 0


if __name__ == "__main__":
    sys.exit(main())
