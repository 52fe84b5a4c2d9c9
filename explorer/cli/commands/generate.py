"""Models as distributions: how likely samples are to them, and new samples from their prior."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.commands.use import SAMPLES
from explorer.cli.console import Bar, emit
from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.workspace.measures import measure_name

TERMS = ("elbo", "nll", "kl")


def likelihood(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    k: Annotated[int, typer.Option("--k", min=1, metavar="K", help="Draws of each code for the tighter bound.")] = 64,
    run: options.RunChoice = None,
    seed: options.Seed = 0,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell how likely samples are to a variational model: ELBO, importance-weighted bound, how the code is used."""
    from explorer.analysis.comparison import judged_part
    from explorer.models.variational import VariationalModel

    with inputs.trained(project, run) as trained, Bar("Judging").shown() as bar:
        model = trained.model()
        if not isinstance(model, VariationalModel):
            raise UnsupportedError(f"{model.title} has no likelihood", remedy="Choose the run of a VAE with --run")
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        part, rows = judged_part(dataset)
        some = dataset.subset(rows)
        bar.report(0.1, "ELBO")
        bound = model.elbo(some, seed=seed)
        bar.report(0.3, f"{k} draws")
        tight = model.iwae(some, k, seed)
        bar.report(0.9, "code")
        divergence = model.divergence(some)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "part": part,
            "n_samples": len(some),
            **bound,
            "iwae": tight,
            "k": k,
            "kl_by_dimension": [] if divergence is None else divergence.tolist(),
            "active_units": model.active_units(some),
            "latent_dim": model.latent_dim_,
            "mutual_information": model.mutual_information(some, seed),
            "seed": seed,
        }
    emit(facts, as_json=as_json, text=lambda: _likelihood_text(facts))


def _likelihood_text(facts: dict[str, Any]) -> str:
    which = "all samples" if facts["part"] == "all" else f"the {facts['part']} samples"
    lines = [f"nats per sample, mean over {which} ({facts['n_samples']}), in the data's own units"]
    lines += [f"{measure_name(name):>24}  {facts[name]:.4g}" for name in TERMS]
    lines.append(f"{'IWAE, ' + str(facts['k']) + ' draws':>24}  {facts['iwae']:.4g}")
    lines.append(f"{'mutual information':>24}  {facts['mutual_information']:.4g}")
    lines.append(f"{facts['active_units']} of {facts['latent_dim']} dimensions of the code are used; KL of each:")
    lines.append("  ".join(f"{each:.3g}" for each in facts["kl_by_dimension"]))
    return "\n".join(lines)


def sample(
    project: options.ProjectPath,
    *,
    out: Annotated[str, typer.Option(metavar="X.csv|npy|npz", help="File to write: .csv, .tsv, .npy or .npz.")],
    n: Annotated[int, typer.Option("-n", "--number", min=1, max=1_000_000, help="How many samples.")] = 16,
    mean: Annotated[
        bool, typer.Option("--mean", help="Write what the codes decode to, without the noise of the likelihood.")
    ] = False,
    run: options.RunChoice = None,
    seed: options.Seed = 0,
    as_json: options.AsJson = False,
) -> None:
    """Write new samples that a generative model makes of codes drawn from its prior."""
    outputs.check_target(out, SAMPLES)
    with inputs.trained(project, run) as trained, Bar("Sampling").shown():
        model = trained.model()
        if not model.generative:
            raise UnsupportedError(
                f"{model.title} has no prior to sample from", remedy="Train a VAE, or choose its run with --run"
            )
        made = model.generate(n, seed)
        if mean:
            made = replace(made, values=model.inverse_transform(model.sample_prior(n, seed)))
        made = _dressed(made, trained)
        path = outputs.write_samples(out, made, made.values, made.values)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "n_samples": n,
            "shape": made.values.shape,
            "seed": seed,
            "out": str(path),
        }
    emit(facts, as_json=as_json, text=lambda: f"{n} new samples in {path}")


def judge_generated(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    steps: Annotated[int, typer.Option(min=1, max=1_000_000, help="That each judging network learns for.")] = 500,
    controls: Annotated[bool, typer.Option("--controls/--no-controls", help="Judge controls beside it.")] = True,
    run: options.RunChoice = None,
    seed: options.Seed = 0,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Judge what a model generates against real samples: is it told apart, useful, as varied, learnt by heart."""
    from explorer.analysis.generation.controls import CONTROLS
    from explorer.workspace.messages import JudgeGenerated
    from explorer.workspace.tasks import run_task

    with inputs.trained(project, run) as trained, Bar("Judging").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        beside = list(CONTROLS) if controls else []
        found = run_task("judge_generated", JudgeGenerated(trained.ref, dataset, beside, steps, seed), bar)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "part": found.part,
            "n_samples": found.n_samples,
            "scores": found.scores,
            "variables": {
                name: {"ks": ks, "wasserstein": far, "real_rate": real, "generated_rate": made}
                for name, ks, far, real, made in zip(
                    found.names, found.ks, found.wasserstein, found.real_rate, found.made_rate, strict=True
                )
            },
            "steps": steps,
            "seed": seed,
        }
    emit(facts, as_json=as_json, text=lambda: _judged_text(facts))


def _judged_text(facts: dict[str, Any]) -> str:
    from explorer.analysis.generation.controls import CONTROL_WORDS
    from explorer.analysis.generation.judging import MEASURES

    scores = facts["scores"]
    told = [measure for measure in MEASURES if any(measure in each for each in scores.values())]
    width = max(len(MEASURES[measure].title) for measure in told)
    lines = [f"{'':{width}}  " + "".join(f"{who:>11}" for who in scores)]
    for measure in told:
        cells = "".join(f"{scores[who].get(measure, float('nan')):11.3f}" for who in scores)
        lines.append(f"{MEASURES[measure].title:{width}}  {cells}")
    generated = scores["generated"]
    low, high = generated["closer_low"], generated["closer_high"]
    lines.append(
        f"nearer to training than to unseen: 95 % interval {low:.3f} to {high:.3f}, ½ if nothing was memorised"
    )
    lines += [f"{who}: {CONTROL_WORDS[who]}" for who in scores if who in CONTROL_WORDS]
    which = "all samples" if facts["part"] == "all" else f"the {facts['part']} samples"
    return "\n".join([*lines, f"beside {which}, {facts['n_samples']} of each kind"])


def _dressed(made: Dataset, trained: inputs.TrainedRun) -> Dataset:
    """Return generated samples with the channels' names, units and times of the data that were learnt from."""
    try:
        like = trained.data()
    except InputError:  # the file is gone; the model is not
        return made
    if made.vocabulary or like.values.ndim != made.values.ndim or like.sample_shape != made.sample_shape:
        return made
    times = like.times if made.times is None and like.times is not None and not like.irregular else made.times
    return replace(
        made,
        layout=like.layout,
        channel_names=like.channel_names,
        unit=like.unit,
        sampling_rate=like.sampling_rate,
        times=None if times is None else np.asarray(times),
    )
