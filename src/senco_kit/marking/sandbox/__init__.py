"""The sandbox in which submissions are marked: bubblewrap, with limits of time, memory, processes, files and output.

    available.py   whether there is a sandbox on this computer, and what to do when there is none
    limits.py      how much a submission may use
    wall.py        the command that builds the sandbox: what can be seen from inside
    inside.py      limits of the operating system, and no longer being root; starts a fresh kernel inside
    holder.py      a sandbox that stands and waits for a forked kernel
    enter.py       how a forked kernel goes in, and what the wall is
    template.py    the process from which kernels are forked; it never reads anything of the course
    watch.py       watches from outside and ends what uses more
    kernel.py      the kernel of a notebook inside: forked where that can be done, else fresh
    execute.py     nbgrader's step that runs a notebook, with that kernel

No submitted code has to run at all (see `only_answers.py`): the sandbox is the second wall, not the only one.
"""
