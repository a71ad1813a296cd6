"""The recipes that docs/engines.md shows are those that the tests run."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "engines.md"


def recipe(script: Path) -> str:
    """What stands in the script between `# recipe` and `# end`."""
    return script.read_text("utf-8").split("# recipe\n")[1].split("# end\n")[0].strip()


def main() -> None:
    shown = [block.strip() for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)]
    for name in ("spark.py", "ray_data.py", "datatrove_filter.py"):
        assert recipe(HERE / name) in shown, f"docs/engines.md does not show the recipe of {name} as it is there"
    print(f"recipes: docs/engines.md shows {len(shown)} as they are tested")


if __name__ == "__main__":
    main()
