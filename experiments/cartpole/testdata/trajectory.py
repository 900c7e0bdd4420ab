"""Writes trajectory.json: states of CartPole-v1 of Gymnasium (pip install gymnasium), float64, from a given start.

    python3 trajectory.py
"""
import json
import pathlib

from gymnasium.envs.classic_control.cartpole import CartPoleEnv


def main():
    env = CartPoleEnv()
    env.reset(seed=0)
    state = (-2, -0.2, 0.03, 0.04)
    env.state, steps = state, []
    # Two of three pushes are towards the lean, so the pole stays up, until the cart leaves the track.
    for i in range(500):
        action = 1 if i % 3 == 0 else int(env.state[2] + 0.3 * env.state[3] > 0)
        fallen = bool(env.step(action)[2])
        steps.append({"action": action, "state": [float(v) for v in env.state], "fallen": fallen})
        if fallen:
            break
    out = pathlib.Path(__file__).with_name("trajectory.json")
    lines = ",\n".join(json.dumps(s) for s in steps)
    out.write_text('{"start": %s, "steps": [\n%s\n]}\n' % (json.dumps(state), lines))


main()
