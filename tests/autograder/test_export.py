"""Grades leave as nbgrader has them, in columns that Canvas and Moodle take; no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import itertools
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.plugins import CsvExportPlugin
from traitlets import import_item

from autograder.course import Course, UsageError
from autograder.export.canvas import to_canvas
from autograder.export.grades import ClassGrades, Grade, Person, Sheet
from autograder.export.moodle import to_moodle
from autograder.export.plugin import collect
from autograder.export.spreadsheet import to_spreadsheet
from autograder.export.table import BOM, FORMULA, NUMBER, Options, RawTable, write_table
from autograder.files import write_whole
from autograder.result import Result, Status, TaskResult
from autograder.store import record_path

# nbgrader's own code adds rows in an order that SQLAlchemy warns of
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
REPOSITORY = Path(__file__).resolve().parents[2]
STEM = "03_cross_correlation"
CELLS = {"correlate1d-check": 2.0, "correlate2d-check": 3.0, "match_template-check": 3.0, "essay": 3.0}
TASKS = ["correlate1d", "correlate2d", "match_template", "essay"]
STUDENTS = [  # id, last name, first name, email, id in the LMS
    ("on-time", "Comma, with", 'A "quote"', "on-time@example.org", "101"),
    ("late", "Ünïcode", "Áccent", "late@example.org", "102"),
    ("by-hand", "Line\nBreak", "Two", "hand@example.org", "103"),
    ("essay-waits", "", "", "", ""),
    ("never-graded", "Never", "Graded", "never@example.org", "105"),
    ("failed", "Fault", "Ours", "failed@example.org", "106"),
    ("absent", "Not", "There", "absent@example.org", "107"),
]


def fill_gradebook(gradebook: Gradebook) -> None:
    """A class with everything that changes a score, written as nbgrader's own programs write it."""
    gradebook.add_assignment(STEM)
    gradebook.add_notebook(STEM, STEM)
    for name, points in CELLS.items():
        kind = "markdown" if name == "essay" else "code"
        gradebook.add_grade_cell(name, STEM, STEM, max_score=points, cell_type=kind)
    gradebook.add_solution_cell("essay", STEM, STEM)
    for student, last, first, email, lms in STUDENTS:
        gradebook.add_student(student, last_name=last, first_name=first, email=email, lms_user_id=lms)
        if student != "absent":
            gradebook.add_submission(STEM, student, timestamp="2026-02-03 15:00:00 UTC")
    for student in ("on-time", "late", "by-hand", "essay-waits", "failed"):
        submission = gradebook.find_submission(STEM, student)
        (notebook,) = submission.notebooks
        for grade in notebook.grades:
            essay = grade.cell.name == "essay"
            grade.auto_score = None if essay else grade.cell.max_score
            grade.needs_manual_grade = essay and student == "essay-waits"
            if essay and student != "essay-waits":
                grade.manual_score = 2.5
            if student == "by-hand" and grade.cell.name == "correlate2d-check":
                grade.manual_score, grade.extra_credit = 1.0, 0.25
        if student == "late":
            notebook.late_submission_penalty = 1.5
        if student == "by-hand":
            notebook.comments[0].manual_comment = "=well done, <b>but</b>\nsee me"
    gradebook.db.commit()


def record(student: str, status: Status, misconception: str | None = None) -> Result:
    task = TaskResult("correlate1d", "correlate1d-check", 0.0, 2.0, "wrong", misconception, "")
    return Result(student, STEM, STEM, status, 0.0, 11.0, 0.1, tasks=(task,))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("export") / "course"
    shutil.copytree(REPOSITORY / "solutions" / STEM, root / "solutions" / STEM)
    shutil.copy(REPOSITORY / "autograder" / "nbgrader_config.py", root)
    course = Course(root)
    with Gradebook(course.gradebook_url, course.course_id) as gradebook:
        fill_gradebook(gradebook)
    for result in (
        record("failed", Status.GRADER_ERROR),
        record("new", Status.GRADER_ERROR),
        record("on-time", Status.GRADED, "kernel_flipped"),
    ):
        write_whole(record_path(course, result), result.to_record())
    return course


@pytest.fixture(scope="module")
def grades(course: Course) -> Iterator[ClassGrades]:
    with Gradebook(course.gradebook_url, course.course_id) as gradebook:
        yield collect(course, gradebook, [STEM], [])


def rows(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=separator))


def by_student(text: str, column: str, key: str = "student") -> dict[str, str]:
    header, *lines = rows(text)
    return {line[header.index(key)]: line[header.index(column)] for line in lines}


def test_a_score_is_the_one_that_nbgraders_own_export_gives(
    course: Course, grades: ClassGrades, tmp_path: Path
) -> None:
    plugin = CsvExportPlugin(to=str(tmp_path / "theirs.csv"))
    graded = ["on-time", "late", "by-hand", "essay-waits"]
    plugin.student = graded
    with Gradebook(course.gradebook_url, course.course_id) as gradebook:
        # nbgrader joins fields without quoting: these names would shift its columns
        for student in gradebook.students:
            student.last_name = student.first_name = ""
        plugin.export(gradebook)
        gradebook.db.rollback()
    theirs = by_student((tmp_path / "theirs.csv").read_text(), "score", "student_id")
    ours = by_student(to_spreadsheet(grades, Options()).text, STEM)
    assert {student: float(ours[student]) for student in graded} == {s: float(x) for s, x in theirs.items()}
    assert ours["on-time"] == "10.5"
    assert ours["late"] == "9"  # 1.5 taken off
    assert ours["by-hand"] == "8.75"  # one point by hand instead of three, a quarter of extra credit


def test_what_is_not_graded_is_an_empty_cell_and_said(grades: ClassGrades) -> None:
    made = to_spreadsheet(grades, Options())
    scores = by_student(made.text, STEM)
    assert {student for student, score in scores.items() if score == ""} == {
        "never-graded", "failed", "absent", "new",
    }  # fmt: skip
    assert made.notes == [
        f"{STEM}: 1 submission still to be graded by hand",
        f"{STEM}: 2 submissions with grader-error, left empty",
        f"{STEM}: 2 without a grade, left empty",
    ]


def test_a_spreadsheet_has_a_column_per_task_in_the_notebooks_order_with_misconceptions(
    grades: ClassGrades,
) -> None:
    text = to_spreadsheet(grades, Options(per_task=True)).text
    header = rows(text)[0]
    tasks = [name.removeprefix(f"{STEM} ") for name in header if name.startswith(f"{STEM} ")]
    scores = [name for name in tasks[4:] if not name.endswith("misconception")]
    assert scores == TASKS
    assert by_student(text, f"{STEM} correlate2d")["by-hand"] == "1.25"
    assert by_student(text, f"{STEM} essay")["essay-waits"] == ""
    assert by_student(text, f"{STEM} correlate1d misconception")["on-time"] == "kernel_flipped"
    assert by_student(text, f"{STEM} late penalty")["late"] == "1.5"
    assert by_student(text, f"{STEM} needs manual grade")["essay-waits"] == "yes"
    assert text.startswith(BOM), "Excel takes UTF-8 without it for something else"
    assert by_student(text, "last name")["by-hand"] == "Line\nBreak"


CANVAS = (
    'Student,ID,SIS User ID,SIS Login ID,Section,Notes,"Essay, first (7)",{title},'
    '"Current Score","Final Score"\r\n'
    ",,,,,,Manual Posting,,,\r\n"
    '"    Points Possible",,,,,,5,{most},"(read only)","(read only)"\r\n'
    '"Comma, with, A ""quote""",101,x1,on-time,"Lab 1, Mon",  spaced ,4.5,{old},"81.2",=90\r\n'
    "Ünïcode,102,x2,LATE,Lab,,,EX,,\r\n"
    '"Line\nBreak",,x3,hand@example.org,Lab,,,,,\r\n'
    "essay,999,essay-waits,,Lab,,,N/A,,\r\n"
    "Never,105,x5,never-graded,Lab,,,3,,\r\n"
    "Stranger,900,x9,stranger,Lab,,,1,,\r\n"
    '"Student, Test",901,,0a1b2c,Lab,,,,,'
)


@pytest.mark.parametrize("bom", ["", BOM])
@pytest.mark.parametrize("separator", [",", ";"])
def test_canvas_own_file_comes_back_with_our_column_and_every_other_byte_as_it_was(
    grades: ClassGrades, bom: str, separator: str
) -> None:
    fields = {"title": f"{STEM} (12345)", "most": "11", "old": "0"}
    before = CANVAS.format(**fields)
    if separator == ";":  # what Canvas writes for a locale with a decimal comma
        before = "\r\n".join(";".join(_raw(line)) for line in _raw_lines(before)).replace("81.2", "81,2")
    made = to_canvas(grades, Options(template=bom + before))
    expected = before
    for old, new in ((f"4.5{separator}0", f"4.5{separator}10.5"), (f"Lab{separator * 5}", None)):
        assert old in before
        if new:
            expected = expected.replace(old, new)
    by_hand = separator.join(["hand@example.org", "Lab", "", "", "", "", ""])
    expected = expected.replace(by_hand, separator.join(["hand@example.org", "Lab", "", "", "8.75", "", ""]))
    assert made.text == bom + expected
    assert "2 of the template are not in the gradebook, left as they were" in made.notes
    assert "2 excused or not assigned (EX, N/A) in the template, left as they were" in made.notes


def _raw_lines(text: str) -> list[str]:
    return text.split("\r\n")


def _raw(line: str) -> list[str]:
    return RawTable(line).rows[0].fields


@pytest.mark.parametrize(
    ("change", "options", "says"),
    [
        (
            {"title": "Exercise three (12345)"},
            Options(),
            "it has 'Essay, first (7)', 'Exercise three (12345)'; --column",
        ),
        ({"most": "100"}, Options(), "must have 11 points, as 03_cross_correlation has; got 100"),
        ({"most": "(read only)"}, Options(), "it is read only"),
        ({}, Options(column="Essay, first"), "must have 11 points, as 03_cross_correlation has; got 5"),
        ({}, Options(column="Nothing"), "must have a column 'Nothing'"),
        ({}, Options(per_task=True), "must have a column '03_cross_correlation correlate1d'"),
        (
            {"title": f'{STEM} (1),"{STEM} (2)"'},
            Options(),
            "must have one column '03_cross_correlation'; it has 2",
        ),
        ({"old": '"0'}, Options(), "the quote in line 4 is never closed"),
    ],
)
def test_a_template_of_canvas_that_does_not_fit_is_refused_by_name(
    grades: ClassGrades, change: dict[str, str], options: Options, says: str
) -> None:
    fields = {"title": f"{STEM} (12345)", "most": "11", "old": "0"} | change
    with pytest.raises(UsageError) as error:
        to_canvas(grades, replace(options, template=CANVAS.format(**fields)))
    assert says in str(error.value)


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "Student,ID\n", "\x00\x01", "PK\x03\x04"])
def test_another_file_is_no_template(grades: ClassGrades, text: str) -> None:
    for convert in (to_canvas, to_moodle):
        with pytest.raises(UsageError, match="--template must be"):
            convert(grades, Options(template=text))


def test_grades_are_scaled_to_the_points_of_the_template_where_asked(grades: ClassGrades) -> None:
    fields = {"title": "Exercise three (12345)", "most": "100,00", "old": "0"}
    template = CANVAS.format(**fields).replace("100,00", '"100,00"')
    made = to_canvas(grades, Options(template=template, column="exercise THREE", scale=True))
    assert f"4.5,{100 * 10.5 / 11:.4f}," in made.text


def test_without_a_template_canvas_gets_the_columns_that_its_import_looks_for(grades: ClassGrades) -> None:
    text = to_canvas(grades, Options()).text
    header, maximum, *students = rows(text)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", STEM]
    assert maximum == ["    Points Possible", "", "", "", "", "11"]
    assert ["Ünïcode, Áccent", "102", "", "late", "", "9"] in students
    assert ["essay-waits", "", "", "essay-waits", "", "8"] in students
    assert not text.startswith(BOM), "Canvas's parser takes the mark before a quote for a broken file"


def test_canvas_per_task_has_no_total_that_would_count_twice(grades: ClassGrades) -> None:
    made = to_canvas(grades, Options(per_task=True))
    header, maximum, *students = rows(made.text)
    assert header[5:] == [
        f"{STEM} {task}" for task in ("correlate1d", "correlate2d", "match_template", "essay")
    ]
    assert maximum[5:] == ["2", "3", "3", "3"]
    assert next(line[5:] for line in students if line[3] == "late") == ["2", "3", "3", "2.5"]
    assert f"{STEM}: the penalty of 1 late is in no task's column" in made.notes


MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 101","A ""quote"" Comma, with",,"Submitted for grading",,{most},Yes,'
    '"Tuesday, 3 February 2026",-,"old, but good"\n'
    '"Participant 55","Áccent Ünïcode",LATE@example.org,"Submitted for grading",3.00,{most},Yes,-,'
    '"Monday, 2 March 2026",\n'
    '"Participant 56","Two Line",hand@example.org,Submitted,,{most},Yes,-,-,\n'
    '"Participant 57","Twin Name",,Submitted,,{most},Yes,-,-,\n'
    '"Participant 58","Never Graded",never@example.org,"No submission",,{most},Yes,-,-,\n'
)


def test_moodles_worksheet_comes_back_with_grades_and_comments(grades: ClassGrades) -> None:
    before = MOODLE.format(most="11.00")
    made = to_moodle(grades, Options(template=before))
    expected = before.replace('grading",,11.00,Yes,"Tuesday', 'grading",10.5,11.00,Yes,"Tuesday')
    expected = expected.replace(",3.00,", ",9,").replace(
        'Submitted,,11.00,Yes,-,-,\n"Participant 57',
        'Submitted,8.75,11.00,Yes,-,-,"\'=well done, &lt;b&gt;but&lt;/b&gt;<br />see me"\n"Participant 57',
    )
    assert made.text == expected
    assert "graded, but not in the template: essay-waits" in made.notes
    assert "1 of the template are not in the gradebook, left as they were" in made.notes


def test_moodles_other_points_are_refused_or_scaled(grades: ClassGrades) -> None:
    template = MOODLE.format(most="100.00")
    with pytest.raises(UsageError, match=r"the assignment in Moodle must have 11 points.*got 100\.00"):
        to_moodle(grades, Options(template=template))
    assert ",81.8182,100.00," in to_moodle(grades, Options(template=template, scale=True)).text


def test_a_worksheet_in_another_language_or_per_task_is_refused(grades: ClassGrades) -> None:
    with pytest.raises(UsageError, match="Moodle, set to English"):
        to_moodle(grades, Options(template=MOODLE.format(most="11").replace(",Grade,", ",Bewertung,")))
    with pytest.raises(UsageError, match="--per-task"):
        to_moodle(grades, Options(template=MOODLE.format(most="11"), per_task=True))


def test_moodles_gradebook_import_leaves_out_who_has_no_grade(grades: ClassGrades) -> None:
    """There an empty cell would take away a grade that Moodle has."""
    text = to_moodle(grades, Options(per_task=True)).text
    header, *students = rows(text)
    assert header[:5] == ["Username", "User id", "Email address", "First name", "Surname"]
    assert header[5:] == [f"{STEM} {task}" for task in TASKS]
    assert [line[0] for line in students] == ["by-hand", "essay-waits", "late", "on-time"]
    assert text.startswith(BOM)


def test_extra_credit_above_moodles_maximum_is_said_for_moodle_passes_over_it() -> None:
    sheet = Sheet(STEM, 11.0, {}, {"late": Grade(11.5)})
    made = to_moodle(ClassGrades([Person("late")], [sheet]), Options(template=MOODLE.format(most="11")))
    assert any("1 above the maximum" in note for note in made.notes)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "-1+", "+1"])
def test_nothing_that_a_student_wrote_begins_a_formula(start: str) -> None:
    text = f"{start}cmd|'/c calc'!A0"
    person = Person(text, text, text, text, text)
    grade = Grade(1.0, tasks={"task": 1.0}, misconceptions={"task": text}, status=text, comments=[text])
    grades = ClassGrades([person], [Sheet(STEM, 1.0, {"task": 1.0}, {text: grade})])
    found = replace(grades, people=[replace(person, email="late@example.org")])
    for made in (
        to_spreadsheet(grades, Options(per_task=True)),
        to_canvas(grades, Options()),
        to_moodle(grades, Options()),
        to_moodle(found, Options(template=MOODLE.format(most="1"))),
    ):
        values = [value for line in rows(made.text) for value in line]
        assert not [v for v in values if FORMULA.match(v) and not NUMBER.fullmatch(v) and v != "-"]
        assert any("cmd|" in value for value in values)


def test_who_is_who_must_be_certain() -> None:
    """A name twice, one student in two rows, or a row that points to two students: nothing is written."""
    people = [
        Person("one", "Name", "Same"), Person("two", "Name", "Same"), Person("three", "Three", "Three"),
        Person("four", email="four@example.org"), Person("five"),
    ]  # fmt: skip
    sheet = Sheet(STEM, 11.0, {}, {person.id: Grade(5.0) for person in people})
    head, line = MOODLE.split("\n")[0], "Participant 9{},{},{},Submitted,,11,Yes,-,-,"
    lines = [
        line.format(1, "Same Name", ""),
        line.format(2, "Three Three", ""), line.format(3, "three", ""),
        line.format(4, "five", "four@example.org"),
    ]  # fmt: skip
    template = "\n".join([head, *lines])
    made = to_moodle(ClassGrades(people, [sheet]), Options(template=template))
    assert made.text == template
    assert "in the template more than once, left as they were: three" in made.notes
    assert "graded, but not in the template: one, two, four, five" in made.notes


texts = st.text(alphabet='a1 ,;\t"\n\r=é-', max_size=6)


@given(st.lists(st.lists(texts, min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_raw_table_says_what_was_written_and_gives_every_byte_back(table: list[list[str]]) -> None:
    text = write_table(table)
    raw = RawTable(text)
    assert raw.text() == text
    if raw.separator == ",":
        seen = [[row.value(index) for index in range(len(row.fields))] for row in raw.rows]
        assert seen == rows(text)


@given(st.text(alphabet='a,;"\r\n\t ', max_size=30))
def test_any_text_is_given_back_or_refused(text: str) -> None:
    try:
        raw = RawTable(text)
    except UsageError:
        return
    assert raw.text() == text


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False, cwd=REPOSITORY)


def test_the_command_writes_a_file_and_says_what_is_missing(course: Course) -> None:
    done = command("autograder", "export", STEM, "--course-dir", course.root)
    assert done.returncode == 0, done.stderr
    target = course.root / "reports" / "grades-csv.csv"
    assert done.stdout == f"grades (csv): {target}\n"
    assert "1 submission still to be graded by hand" in done.stderr
    assert by_student(target.read_text(encoding="utf-8"), STEM)["on-time"] == "10.5"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["04_nothing"], f"STEM must be an assignment in the gradebook, {STEM}; got '04_nothing'"),
        (["--to", "excel"], "invalid choice: 'excel'"),
        (["--template", "nowhere.csv"], "--template must be a file that can be read; got 'nowhere.csv'"),
        (["--template", "docs/demos.png"], "--template must be UTF-8"),
        (["--column", "x"], "--column must go with one STEM; got 0"),
        (["--scale"], "--scale must go with --template"),
        (["--course-dir", "docs"], "there is no"),
    ],
)
def test_wrong_usage_of_export_is_named_and_ends_with_2(
    course: Course,
    arguments: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from autograder.__main__ import main

    monkeypatch.chdir(REPOSITORY)
    try:
        code = main(["export", "--course-dir", str(course.root), *arguments])
    except SystemExit as error:  # argparse's own
        code = int(str(error.code))
    assert code == 2
    assert says in capsys.readouterr().err
    assert not (REPOSITORY / "docs" / "gradebook.db").exists()


def test_nbgraders_own_export_command_takes_our_exporters(course: Course, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    line = [sys.executable, "-m", "nbgrader", "export", "--CanvasExport.per_task=True", f"--to={target}"]
    line.append("--exporter=autograder.export.canvas.CanvasExport")
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False, cwd=course.root)
    assert done.returncode == 0, done.stderr
    assert f"{STEM} correlate2d" in target.read_text(encoding="utf-8")
    assert "still to be graded by hand" in done.stderr


def test_a_number_of_moodle_alone_identifies_nobody_of_whom_more_is_known() -> None:
    people = [Person("57"), Person("101", "Known", "Well")]
    sheet = Sheet(STEM, 11.0, {}, {person.id: Grade(5.0) for person in people})
    made = to_moodle(ClassGrades(people, [sheet]), Options(template=MOODLE.format(most="11")))
    assert "graded, but not in the template: 101" in made.notes
    assert '"Participant 57","Twin Name",,Submitted,5,11' in made.text


def documented() -> list[str]:
    """The commands of docs/exporting.md, as an instructor copies them."""
    lines = (REPOSITORY / "docs" / "exporting.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("autograder export", "nbgrader export"))]


@pytest.mark.parametrize("line", documented())
def test_the_commands_of_the_documentation_work(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    from autograder.__main__ import main

    title = "Exercise 3" if "--column" in line else STEM
    most = "100" if "--scale" in line else "11"
    template = CANVAS.format(title=f"{title} (12345)", most=most, old="")
    (tmp_path / "canvas.csv").write_text(template, encoding="utf-8", newline="")
    (tmp_path / "moodle.csv").write_text(MOODLE.format(most="11.00"), encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(line)
    if program == "autograder":
        assert main([*arguments, "--course-dir", str(course.root)]) == 0
        named = [value for option, value in itertools.pairwise(arguments) if option == "--output"]
        target = tmp_path / named[0] if named else course.root / "reports" / "grades-csv.csv"
    else:  # nbgrader's own command is tried above; here, that the class and its options are there
        options = dict(argument.lstrip("-").split("=") for argument in arguments[1:])
        app = ExportApp(config=course.config)
        app.coursedir = course.directory
        exporter = import_item(options.pop("exporter"))(parent=app)
        for option, value in options.items():
            name = option.split(".")[-1]
            setattr(exporter, name, value == "True" if name == "per_task" else value)
        with Gradebook(course.gradebook_url, course.course_id) as gradebook:
            exporter.export(gradebook)
        target = tmp_path / (exporter.to or f"grades-{exporter.name}.csv")
    text = target.read_text(encoding="utf-8")
    score = "2.5" if "per" in line and "task" in line else "95.4545" if "--scale" in line else "10.5"
    assert score in [value for row in rows(text) for value in row]
