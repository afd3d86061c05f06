"""R1 and R2 in Mesa: an agent for each partner, a day in two phases so that both act on the same state,
and a DataCollector for the daily means."""
import sys
from pathlib import Path

import mesa
import numpy as np

sys.path.append(str(Path(__file__).parents[1]))
import workload


class Partner(mesa.Agent):
    def __init__(self, model, t, m, r, o, a, v):
        super().__init__(model)
        self.trust, self.intimacy = t, m
        self.responsiveness, self.openness, self.anxiety, self.avoidance = r, o, a, v
        self.other = None
        self.after = t, m

    def disclose(self):
        t, m, other = self.trust, self.intimacy, self.other
        u1, u2 = self.random.random(), self.random.random()
        d = self.openness * (1 - 0.7 * self.avoidance) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m)
        p = other.responsiveness * (0.4 + 0.6 * other.intimacy) * (1 - 0.3 * other.avoidance)
        q = 1 - 0.5 * self.anxiety * (1 - t) * u2 if u1 < p else 0.3 * u2 * (1 - self.anxiety)
        trust = t + 0.02 * q * (1 - t) if q >= 0.5 else t - 0.06 * (1 - q) * t
        self.after = trust, m + 0.03 * d * q * (1 - m) - 0.004 * m - 0.015 * d * (1 - q) * m

    def update(self):
        self.trust, self.intimacy = self.after


class Couples(mesa.Model):
    def __init__(self, cells, couples, seed):
        super().__init__(rng=seed)
        numbers = workload.drawn(cells, couples, seed)[:, :, 0].tolist()
        sides = [Partner.create_agents(self, couples, *(number[side] for number in numbers)) for side in (0, 1)]
        for one, other in zip(*sides):
            one.other, other.other = other, one
        self.sides = sides
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "trust": lambda model: model.agents.agg("trust", np.mean),
                "intimacy": lambda model: model.agents.agg("intimacy", np.mean),
            }
        )

    def step(self):
        self.agents.do("disclose")
        self.agents.do("update")
        self.datacollector.collect(self)


def prepare(cells, couples, days, seed):
    model = Couples(cells, couples, seed)

    def live():
        for _ in range(days):
            model.step()
        states = ("trust", "intimacy")
        end = np.array([[side.get(state) for side in model.sides] for state in states])
        daily = np.array([model.datacollector.model_vars[state] for state in states])
        return end[:, :, np.newaxis], daily[:, np.newaxis]

    return live


if __name__ == "__main__":
    workload.main(prepare, cells_at_once=False)
