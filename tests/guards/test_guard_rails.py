"""The guard rails of the test run do fail when they should."""

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Origin, Template, engines

from programmes.models import Theme
from tests.crawler import page_problems, walk, written
from tests.guard_rails import Statements, assert_same_queries


def render(source: str, folder: str, **context) -> str:
    engine = engines["django"].engine
    return Template(source, origin=Origin(f"{folder}/page.html"), engine=engine).render(Context(context))


OURS = f"{settings.BASE_DIR}/templates"


def test_a_variable_that_does_not_exist_fails_in_our_templates():
    for source in ("{{ nobody }}", "{{ person.nothing|upper }}", "{% if True %}{{ nobody }}{% endif %}"):
        with pytest.raises(pytest.fail.Exception, match="undefined variable"):
            render(source, OURS, person={})


def test_a_condition_may_ask_about_a_name_that_is_not_there():
    assert render("{% if nobody %}yes{% else %}no{% endif %}", OURS) == "no"


def test_other_peoples_templates_keep_djangos_own_behaviour():
    assert render("[{{ nobody }}{{ nobody|default:'x' }}]", "/usr/lib/elsewhere") == "[x]"


@pytest.mark.django_db
def test_a_list_that_asks_once_per_row_is_caught():
    from portal.models import Employer

    def add_row():
        number = Employer.objects.count()
        Employer.objects.create(slug=f"e{number}", name="E", neutral_name="E", branch="fpt")

    def careful():
        return [employer.name for employer in Employer.objects.all()]

    def careless():
        return [Employer.objects.get(pk=pk).name for pk in Employer.objects.values_list("pk", flat=True)]

    assert_same_queries(careful, add_row)
    with pytest.raises(pytest.fail.Exception, match="queries"):
        assert_same_queries(careless, add_row)


def test_the_run_never_touches_the_folder_of_the_demonstration():
    assert settings.VAR != settings.BASE_DIR / "var"
    assert settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3" or "var/" not in str(
        settings.DATABASES["default"]["NAME"]
    )


SOUND = '<html lang="fr"><head><title>Titre</title></head><body><main><h1>Titre</h1></main></body></html>'


@pytest.mark.parametrize(
    "broken",
    [
        SOUND.replace("<h1>Titre</h1>", ""),
        SOUND.replace("</main>", "<h1>Encore</h1></main>"),
        SOUND.replace('lang="fr"', ""),
        SOUND.replace("<title>Titre</title>", ""),
        SOUND.replace("<main>", '<main style="color:red">'),
        SOUND.replace("<main>", "<main><script>1</script>"),
        SOUND.replace("<main>", '<main><a href="javascript:void(0)">x</a>'),
        SOUND.replace("<main>", '<main><img src="/x.png">'),
        SOUND.replace("<main>", '<main><p id="a"></p><p id="a"></p>'),
    ],
)
def test_the_crawler_sees_what_is_wrong_with_a_page(broken):
    assert page_problems(SOUND) == []
    assert len(page_problems(broken)) == 1


@pytest.mark.django_db
def test_the_crawler_sees_a_page_that_is_lost_and_a_reading_that_writes(client):
    assert dict(walk(client, "/n-existe-pas/"))["/n-existe-pas/"] == ["answers 404"]
    statements = Statements()
    with connection.execute_wrapper(statements):
        Theme.objects.create(code="x", label="x", position=1)
    assert len(written(statements)) == 1
