#!/usr/bin/env python3
"""Explores every interleaving of workers that use the lease of docs/architecture.md, "The lease": numbered tokens
that are created and deleted, never rewritten. Ends at the first state in which two hold it, and prints the way
there. The production code is src/shows/token_claims.cc; change the two together.

    tools/lease_model.py [--workers N] [--ticks T] [VARIANT]

VARIANT is words joined together. The world:
    mix      each token in a reading may be as old as the lag allows, independently of the others
    dup      two creations of one name within one lag may both succeed; one: a name shows one definition
The protocol:
    settle   verify only after one lag has passed since the creation (the design has it)
Protocols broken on purpose:
    patch (renew by rewriting), delname (delete by name, late), noverify, nomargin
The design is checked by mixsettle and dupmixsettleone. Exit code: 0 no violation, 1 violation, 3 bound reached.
"""

import argparse
import sys
from collections import deque
from itertools import combinations, product

LEASE, MARGIN, LAG, SWEEP_AFTER = 4, 1, 1, 3
SKEWS = (0, 1)  # how far a worker's clock runs ahead; differences stay within MARGIN
MOST_STATES = 4_000_000
HIGHEST_TOKEN = 5

# A token is (number, holder, expiry, identity); a worker is (step, number, time, identity); a state is
# (tick, tokens, the LAG + 1 last token sets, workers, next identity, deletes on their way).
IDLE = ("idle", 0, 0, 0)


class Model:
    def __init__(self, workers, ticks, variant):
        self.workers, self.ticks = workers, ticks
        self.mix, self.dup, self.settle, self.one = (w in variant for w in ("mix", "dup", "settle", "one"))
        self.patch, self.delete_by_name = "patch" in variant, "delname" in variant
        self.verifies, self.margin = "noverify" not in variant, 0 if "nomargin" in variant else MARGIN

    def canonical(self, state):
        """Identities are only compared for equality: number them afresh, and forget what can no longer matter."""
        tick, tokens, past, workers, _, late = state
        late = tuple(x for x in late if self.delete_by_name or any(t[3] == x[1] for t in tokens))
        used = {t[3] for view in (tokens, *past) for t in view}
        used |= {w[3] for w in workers if w[0] in ("verify", "hold")} | {x[1] for x in late}
        fresh = {old: new + 1 for new, old in enumerate(sorted(used))}

        def renamed(view):
            return frozenset((*t[:3], fresh[t[3]]) for t in view)

        named = tuple((*w[:3], fresh[w[3]]) if w[0] in ("verify", "hold") else w for w in workers)
        late = tuple((x[0], fresh[x[1]]) for x in late)
        return (tick, renamed(tokens), tuple(map(renamed, past)), named, len(used) + 1, late)

    def readings(self, tokens, past):
        """Everything that one reading may show."""
        if not self.mix:
            views = {tokens, *past}
        else:
            sure = tokens.intersection(*past)
            unsure = list(tokens.union(*past) - sure)
            views = {sure | frozenset(c) for n in range(len(unsure) + 1) for c in combinations(unsure, n)}
        if not self.one:
            return views
        return {
            frozenset(min((t for t in view if t[0] == k), key=lambda t: t[3]) for k in {t[0] for t in view})
            for view in views
        }

    def world_steps(self, state):
        tick, tokens, past, workers, fresh, late = state
        if tick < self.ticks:
            yield (tick + 1, tokens, (past + (tokens,))[-LAG:], workers, fresh, late)
        for sent in late:  # a delete that was sent arrives now
            hits = (lambda t: t[0] == sent[0]) if self.delete_by_name else (lambda t: t[3] == sent[1])
            left = frozenset(t for t in tokens if not hits(t))
            yield (tick, left, past, workers, fresh, tuple(x for x in late if x != sent))
        for token in tokens:  # the sweep removes what expired long ago
            if token[2] + SWEEP_AFTER + MARGIN <= tick:
                yield (tick, tokens - {token}, past, workers, fresh, late)

    def worker_steps(self, state, i, now):
        """Yields (the worker's next step, tokens, next identity, deletes on their way)."""
        _, tokens, past, workers, fresh, late = state
        step = workers[i][0]
        if step == "idle":
            for view in self.readings(tokens, past):
                highest = max(view, default=None)
                if highest is None:
                    yield ("create", 1, now, 0), tokens, fresh, late
                elif now >= highest[2] + MARGIN:
                    yield ("create", highest[0] + 1, now, 0), tokens, fresh, late
        elif step == "create":
            yield from self.create(state, i, now)
        elif step == "verify":
            yield from self.verify(state, i, now)
        else:
            yield from self.hold(state, i, now)

    def create(self, state, i, now):
        _, tokens, past, workers, fresh, late = state
        number = workers[i][1]
        taken = any(
            t[0] == number and not (self.dup and all(t not in old for old in past)) for t in tokens
        )
        if not taken:
            token = (number, i, now + LEASE, fresh)
            yield ("verify", number, now + LEASE, fresh), tokens | {token}, fresh + 1, late
        yield IDLE, tokens, fresh, late  # the name is taken, or the worker died before it sent anything

    def verify(self, state, i, now):
        _, tokens, past, workers, fresh, late = state
        _, number, expiry, me = workers[i]
        if not self.verifies:
            yield ("hold", number, expiry, me), tokens, fresh, late
            return
        if self.settle and now < expiry - LEASE + LAG:
            return  # too early
        without_mine = frozenset(t for t in tokens if t[3] != me)
        for view in self.readings(tokens, past):
            if not any(t[3] == me for t in view):
                if any(t[0] == number for t in view):
                    yield IDLE, without_mine, fresh, late
                continue  # not visible yet: read again
            rival = any(t[3] != me and (t[0] > number or now < t[2] + MARGIN) for t in view)
            if rival:
                yield IDLE, without_mine, fresh, late
            else:
                yield ("hold", number, expiry, me), tokens, fresh, late

    def hold(self, state, i, now):
        _, tokens, _, workers, fresh, late = state
        _, number, expiry, me = workers[i]
        if self.patch:
            rewritten = frozenset((*t[:2], now + LEASE, t[3]) if t[3] == me else t for t in tokens)
            yield ("hold", number, now + LEASE, me), rewritten, fresh, late
        elif now < expiry and number < HIGHEST_TOKEN:
            if any(t[0] == number + 1 for t in tokens):
                yield IDLE, tokens, fresh, late
            else:
                token = (number + 1, i, now + LEASE, fresh)
                yield ("hold", number + 1, now + LEASE, fresh), tokens | {token}, fresh + 1, late
        if now < expiry - MARGIN:  # release: every own token deleted now, or the request arrives later
            mine = [t for t in tokens if t[1] == i]
            yield IDLE, frozenset(t for t in tokens if t[1] != i), fresh, late
            if len(mine) == 1 and not late:
                yield IDLE, tokens, fresh, ((mine[0][0], mine[0][3]),)
        yield IDLE, tokens, fresh, late  # crash

    def next_states(self, state, skew):
        yield from self.world_steps(state)
        tick, _, past, workers, _, _ = state
        for i in range(self.workers):
            for step, tokens, fresh, late in self.worker_steps(state, i, tick + skew[i]):
                yield (tick, tokens, past, workers[:i] + (step,) + workers[i + 1 :], fresh, late)

    def is_held_twice(self, state, skew):
        holds = [
            w[0] == "hold" and state[0] + skew[i] < w[2] - self.margin for i, w in enumerate(state[3])
        ]
        return sum(holds) > 1

    def explore(self, skew):
        """Returns the number of states seen and the way to a violation (None: there is none)."""
        start = (0, frozenset(), (frozenset(),) * LAG, (IDLE,) * self.workers, 1, ())
        came_from, waiting, count = {start: None}, deque([start]), 0
        while waiting:
            state = waiting.popleft()
            count += 1
            if self.is_held_twice(state, skew):
                way = []
                while state is not None:
                    way.append(state)
                    state = came_from[state]
                return count, way[::-1]
            if count > MOST_STATES:
                raise OverflowError(f"more than {MOST_STATES} states")
            for following in map(self.canonical, self.next_states(state, skew)):
                if following not in came_from:
                    came_from[following] = state
                    waiting.append(following)
        return count, None


def check(workers, ticks, variant):
    """Explores all clock skews. Returns (states, skew, way); way is None when nothing was found."""
    model, total = Model(workers, ticks, variant), 0
    for skew in product(SKEWS, repeat=workers):
        count, way = model.explore(skew)
        total += count
        if way:
            return total, skew, way
    return total, None, None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("variant", nargs="?", default="mixsettle")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ticks", type=int, default=8)
    options = parser.parse_args()
    try:
        total, skew, way = check(options.workers, options.ticks, options.variant)
    except OverflowError as bound:
        print(f"{options.variant}: no violation so far; {bound}")
        return 3
    if way:
        print(f"{options.variant}: two hold the lease (clocks ahead by {skew}), after {total} states:")
        for tick, tokens, _, workers, _, late in way:
            print(f"  t={tick} tokens={sorted(tokens)} workers={[w[:3] for w in workers]} late={late}")
        return 1
    print(f"{options.variant}: no violation in {total} states")
    return 0


if __name__ == "__main__":
    sys.exit(main())
