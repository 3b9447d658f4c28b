"""The course: modules, lessons and questions as data, asked in a form, marked by a stated rule, and fed back.

read.py          the five modules of modules/, through module_file, lesson_file, question_file, session_file
exercise.py      the invented school that a question is about, and what can be shown of it
assignment.py    what is released to a learner (no answers), and the keys that marking needs
ask.py           a question as a form field; mark.py: an answer beside its key
show.py          a lesson's blocks as HTML; notebook.py: a lesson as a notebook
coverage.py      outcomes x where they are taught, practised, assessed
run_sheet.py     a session's activities with clock times
"""
