"""Links as written: in the text of every part, in Liquid tags, and in fields that hold one."""

from collections.abc import Callable

import pytest

from pipeline.content.values import Content, LinkKind

Say = Callable[..., Content]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[the *mill*](/mill/)", ["link /mill/ the mill"]),
        ("[a](https://mill.example/å b)", []),
        ("[a](<https://mill.example/å b>)", ["link https://mill.example/å b a"]),
        ("<https://mill.example/?a=1&b=2>", ["link https://mill.example/?a=1&b=2 https://mill.example/?a=1&b=2"]),
        ("[one][a]\n\n[a]: /one 'title'", ["link /one one"]),
        ("![wheel](/w.png)", ["image /w.png wheel"]),
        ("[![wheel](/w.png)](/mill)", ["link /mill ", "image /w.png wheel"]),
        ("[plan](/files/plan.PDF?v=2#p)", ["file /files/plan.PDF?v=2#p plan"]),
        ("[site](https://mill.ai)", ["link https://mill.ai site"]),
        ("<iframe src='https://video.example/1' title='Tour'></iframe>",
         ["embed https://video.example/1 Tour"]),
        ("<a href='/x'>in <b>html</b></a> <a name=y>no</a>", ["link /x in html"]),
        ("[no](/such) `[code](/no)`", ["link /such no"]),
        ("[a]({{ site.baseurl }}/b{{ c }})", ["link {{ site.baseurl }}/b{{ c }} a"]),
        ("[a]({% link _posts/2024-01-02-a.md %})", ["link {% link _posts/2024-01-02-a.md %} a"]),
        ("[{{ name }} mill](/b)", ["link /b mill"]),
        ('{% include video.html url="/v.mp4" w="3" %}', ["embed /v.mp4 "]),
        ("{% include figure.html src='/w.png' %}", ["image /w.png "]),
        ("{% comment %}[a](/b){% endcomment %}", []),
        ("[bad](http://[)", ["link http://[ bad"]),
        ("[script](javascript:x)", ["link javascript:x script"]),
    ],
)  # fmt: skip
def test_links_in_the_body(say: Say, body: str, told: list[str]) -> None:
    content = say(f"---\ntitle: T\n---\n{body}\n")
    assert [f"{link.kind.value} {link.target} {link.text}" for link in content.links] == told
    assert {link.part for link in content.links} <= {"body"}


def test_links_in_a_field_of_text_name_that_field(say: Say) -> None:
    content = say("---\nfaqs:\n- answer: See [the plan](/plan).\n---\n[x](/y)\n")
    assert [(link.position, link.part, link.target, link.line) for link in content.links] == [
        (0, "body", "/y", None),
        (1, "faqs[0].answer", "/plan", 3),
    ]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("cover_image: /assets/w.jpg", ["/assets/w.jpg"]),
        ("photo: assets/w.jpg", ["assets/w.jpg"]),
        ("pdf: /assets/the plan.pdf", ["/assets/the plan.pdf"]),
        ("contact: mailto:ada@mill.example", ["mailto:ada@mill.example"]),
        ("registration_link: forms.example/abc", ["forms.example/abc"]),
        ("website: mill.example", ["mill.example"]),
        ("odd: https://mill.example/", ["https://mill.example/"]),
        ("odd: www.mill.example", ["www.mill.example"]),
        ("links: [{link: /a}, {link: /b}]", ["/a", "/b"]),
        ("link_to: '[a](https://mill.example/a)'", ["https://mill.example/a"]),
        ("contact: /", []),
        ("registration_link: '#'", []),
        ("registration_link: Find out more", []),
        ("registration_link: /two words", []),
        ("permalink: /a/", []),
        ("redirect_from: [/a/, /b/]", []),
        ("slug: a/b", []),
        ("email: ada@mill.example", []),
        ("time: 10/12", []),
        ("odd: a.b", []),
        ("odd: [x](/y)", []),
    ],
)
def test_fields_that_lead_somewhere(say: Say, field: str, told: list[str]) -> None:
    links = say(f"---\n{field}\n---\nText\n").links
    assert [link.target for link in links] == told
    assert {link.kind for link in links} <= {LinkKind.FIELD}


def test_a_field_takes_its_label_from_beside_it(say: Say) -> None:
    source = (
        "---\ntitle: No label\nimage: /i.png\napply_link: /apply\napply_link_text: ' Apply  now '\n"
        "links:\n- link: /plan\n  text: The plan\npdfs: [/a.pdf]\n---\n"
    )
    assert [(link.part, link.text) for link in say(source).links] == [
        ("image", ""),
        ("apply_link", "Apply now"),
        ("links[0].link", "The plan"),
        ("pdfs[0]", ""),
    ]
