"""Labels and makers from the names of files."""

from functools import partial

import numpy as np

from ..spec import Exercise, Mistake

WORDS = ["leaf", "bolt", "nut", "a", "b", "screw", "Oak"]
PEOPLE = ["ada", "bo", "anna_lena", "x_1", "zoe"]


def read_paths(paths, *, folder=-2, order=sorted, maker=lambda stem: stem.rsplit("_", 1)[0]):
    things = [path.split("/")[folder] for path in paths]
    names = order(set(things))
    stems = [path.split("/")[-1].split(".")[0] for path in paths]
    return names, np.array([names.index(thing) for thing in things]), [maker(s) for s in stems]


def as_met(paths):
    things = [path.split("/")[-2] for path in paths]
    names = list(dict.fromkeys(things))
    return names, np.array([names.index(thing) for thing in things]), read_paths(paths)[2]


def random(rng):
    draw = lambda words: words[rng.integers(len(words))]
    return {"paths": [f"{draw(['my', 'my/data', 'c'])}/{draw(WORDS)}/{draw(PEOPLE)}_{i:02}.png"
                      for i in range(rng.integers(1, 9))]}


but = partial(partial, read_paths)
EXERCISE = Exercise(
    read_paths,
    fixed=[
        {"paths": ["pics/star/ada_1.png", "pics/heart/ada_1.png", "pics/nut/bo_1.png"]},
        {"paths": ["my/data/nut/anna_lena_03.png", "my/data/bolt/bo_12.png"]},
        {"paths": ["c/b/x_1_1.png"]},
    ],
    random=random,
    mistakes=[
        Mistake("The names should be sorted, so that they have the same order whatever the order "
                "of the files.", as_met),
        Mistake("The order of the names is turned around: sorted, from A to Z.",
                but(order=lambda names: sorted(names, reverse=True))),
        Mistake("The label is the folder that holds the picture: the last but one part of the "
                "path.", but(folder=0)),
        Mistake("A maker may have an underscore in the name, such as anna_lena. Cut at the *last* "
                "one, with rsplit(\"_\", 1).", but(maker=lambda stem: stem.split("_")[0])),
        Mistake("The number at the end does not belong to the maker: all pictures of a maker need "
                "the same name.", but(maker=lambda stem: stem)),
        Mistake("The second result is numbers: for each picture the place of its label in the "
                "names.", lambda paths: (read_paths(paths)[0], [p.split("/")[-2] for p in paths],
                                         read_paths(paths)[2]),
                when=lambda got, want, args: isinstance(got[1], list | tuple)
                and isinstance(got[1][0], str)),
    ],
    hints=[
        "path.split(\"/\") gives the parts of a path; the last is the file, the one before its "
        "folder.",
        "sorted(set(folders)) are the names, and names.index(folder) is the number of a label.",
        "For the maker take off the ending \".png\", then what follows the last underscore: "
        "stem.rsplit(\"_\", 1)[0].",
    ],
)
