"""Minutes, words and reading age of each lesson.

python bench/reading_ages.py
"""

from senco_kit.course import read
from senco_kit.course.reading_age import lesson_texts, reading_age


def main() -> None:
    print(f"{'lesson':<28}{'minutes':>8}{'sections':>10}{'words':>8}{'reading age':>13}")
    for module in read.modules():
        texts = lesson_texts(module)
        words = sum(len(text.split()) for text in texts)
        age = reading_age("\n".join(texts))
        print(f"{module.id:<28}{module.minutes:>8}{len(module.sections):>10}{words:>8}{age:>13.1f}")


if __name__ == "__main__":
    main()
