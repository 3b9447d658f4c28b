"""The sandbox in which submissions are marked: bubblewrap, with limits of time, memory, processes, files and output.

    available.py   whether there is a sandbox on this computer, and what to do when there is none
    limits.py      how much a submission may use
    wall.py        the command that builds the sandbox: what can be seen from inside
    inside.py      the first thing that runs inside: sets the limits of the operating system, then becomes the kernel
    watch.py       watches from outside and ends what uses more
    kernel.py      the kernel of a notebook, started inside, as Jupyter starts one
    execute.py     nbgrader's step that runs a notebook, with that kernel

No submitted code has to run at all (see `only_answers.py`): the sandbox is the second wall, not the only one.
"""
