"""Kernels that start fast: forked from a process that has imported everything already, instead of begun from nothing.

    provisioner.py      where Jupyter asks for a kernel (entry point `senco-fork`); falls back to a normal start
    templates.py        which templates this process has, and when one pays off
    template.py         one template, as its owner sees it: start it, fork from it, make a page of it, end it
    forked_process.py   one forked kernel, as its owner sees it: like subprocess.Popen
    letters.py          how the two sides talk: JSON with file descriptors
    settings.py         SENCO_FORK, and which variables of the environment a running Python cannot take over any more

    template_main.py    the template's own process: imports, checks that it may be forked, serves
    serve.py            forks on request, reaps what ends, ends everything when the owner has gone
    clean.py            what must not be there when a process is forked
    become.py           what the fork does to be a kernel of its own
    libraries.py        what libraries do when a kernel imports them, done in a fork
    page_run.py         runs a page's cells in a template, so that each visitor gets a fork that has run them already

Linux only: elsewhere, and whenever anything is in the way, kernels start as Jupyter starts them.
"""
