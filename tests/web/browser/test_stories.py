"""The main story of each role, from the first page to the last, as people go through it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from drawreview.project.statement import read_project
from tests.web.browser.conftest import Window, sign_in
from tests.web.conftest import PASSWORD

Accessible = Callable[[Page], None]
OFFICE = Path("examples/office.yaml")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).last.click()


def pick(page: Page, question: str, answer: str) -> None:
    group = page.get_by_role("group", name=question, exact=True)
    group.get_by_label(answer, exact=True).first.check()


def begin_with_the_form(page: Page) -> None:
    page.get_by_label("整页填写").check()
    press(page, "从头开始")


def describe_an_office(page: Page) -> None:
    """Answer what decides, from the first page of the form to its verdict."""
    page.goto("/assess")
    begin_with_the_form(page)
    page.get_by_label("项目名称").fill("某配套办公楼")
    page.get_by_label("决定日期").fill("2021-03-01")
    page.get_by_label("投资性质").select_option("non_government")
    page.get_by_label("工程类别").select_option("building")
    page.get_by_label("建设类型").select_option("new_build")
    press(page, "下一页")
    page.get_by_label("建筑物性质").select_option("office")
    for question, answer in (
        ("建筑面积（㎡）", "1850"),
        ("建筑高度（m）", "11.4"),
        ("最大层高（m）", "4.2"),
        ("地上层数（层）", "2"),
        ("地下层数（层）", "0"),
    ):
        page.get_by_label(question, exact=True).fill(answer)
    for question in ("地下的房间", "51号令第十四条(一)至(六)所列的场所"):
        pick(page, question, "没有")
    press(page, "下一页")
    for question in ("功能单一", "技术要求简单"):
        pick(page, question, "是")
    pick(page, "51号令第十四条(八)至(十)所列的工程", "没有")
    pick(page, "施工图审查的委托日期", "没有委托过")
    page.get_by_role("button", name="结论", exact=True).click()


def test_a_firm_assesses_itself_saves_the_file_and_goes_on_from_it(
    window: Window, accessible: Accessible, tmp_path: Path
) -> None:
    with window.open() as page:
        describe_an_office(page)
        accessible(page)
        verdict = page.get_by_role("heading", name="审查方式：免于审查")
        expect(verdict).to_be_visible()
        with page.expect_download() as saved:
            press(page, "存成项目文件")
        file = tmp_path / "project.yaml"
        saved.value.save_as(file)
        assert read_project(file.read_text(encoding="utf-8"), "").name == "某配套办公楼"
    with window.open() as page:
        page.goto("/assess")
        page.get_by_label("项目文件").set_input_files(file)
        press(page, "打开")
        page.get_by_label("决定日期").fill("2021-03-01")
        press(page, "更新结论")
        expect(page.get_by_role("heading", name="审查方式：免于审查")).to_be_visible()
        with page.expect_download() as printed:
            press(page, "下载 PDF")
        printed.value.save_as(tmp_path / "letter.pdf")
    for sheet in PdfReader(tmp_path / "letter.pdf").pages:
        assert "自评" in sheet.extract_text()


def test_a_firm_is_asked_one_question_at_a_time_and_told_what_is_settled(
    window: Window, accessible: Accessible
) -> None:
    with window.open() as page:
        page.goto("/assess")
        press(page, "从头开始")
        expect(page.get_by_text("第 1 题")).to_be_visible()
        accessible(page)
        press(page, "不知道")
        expect(page.get_by_text("第 2 题")).to_be_visible()
        expect(page.get_by_role("complementary")).to_contain_text("免于审查")
        page.get_by_role("button", name="结论", exact=True).click()
        expect(page.get_by_role("heading", name="审查方式：待补充")).to_be_visible()


def test_the_verdict_beside_the_form_changes_while_it_is_filled_in(window: Window) -> None:
    with window.open() as page:
        page.goto("/assess")
        begin_with_the_form(page)
        live = page.get_by_role("complementary")
        expect(live).to_contain_text("待补充")
        page.get_by_label("决定日期").fill("2021-03-01")
        page.get_by_label("投资性质").select_option("government")
        expect(live).to_contain_text("已经排除：免于审查")


def test_without_scripts_the_same_form_leads_to_the_same_verdict(window: Window) -> None:
    with window.open(java_script_enabled=False) as page:
        describe_an_office(page)
        expect(page.get_by_role("heading", name="审查方式：免于审查")).to_be_visible()


def test_a_clerk_takes_in_judges_decides_prints_and_follows_a_project(
    window: Window, accessible: Accessible, tmp_path: Path
) -> None:
    firms = tmp_path / "firm.yaml"
    firms.write_text(
        OFFICE.read_text(encoding="utf-8").replace("某配套办公楼", "新来的项目"), encoding="utf-8"
    )
    with window.signed_in("青山窗口") as page:
        page.get_by_label("项目文件").set_input_files(firms)
        press(page, "受理项目")
        expect(page.get_by_role("heading", name="决定：青山区新来的项目")).to_be_visible()
        page.get_by_role("link", name="概况").click()
        sheet = page.locator(".part", has=page.get_by_role("heading", name="功能单一"))
        sheet.get_by_label("是", exact=True).check()
        sheet.get_by_label("理由").fill("全部为办公用房，图纸一致")
        press(page, "署名认定")
        signed = "青山窗口 2021-06-30：全部为办公用房，图纸一致"
        expect(page.get_by_text(signed)).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="决定并记入日志").click()
        accessible(page)
        page.get_by_label("A22").fill("已当面告知")
        press(page, "决定并记入日志")
        expect(page.get_by_role("heading", name="审查方式：免于审查")).to_be_visible()
        expect(page.get_by_text("已当面告知")).to_be_visible()
        with page.expect_popup() as printed:
            press(page, "承诺书 PDF")
        assert printed.value.url.endswith("/letter")
        printed.value.close()
        page.get_by_role("link", name="事件、期限、节点").click()
        for event, on in (
            ("drawings_uploaded", "2021-06-25"),
            ("spot_check_selected", "2021-06-28"),
        ):
            page.get_by_label("发生的事").select_option(event)
            page.get_by_label("日期", exact=True).fill(on)
            press(page, "记入事件")
        rows = page.get_by_role("region", name="事件").get_by_role("row")
        expect(rows).to_have_count(3)
        page.goto("/window?q=新来")
        expect(page.get_by_role("group", name="项目").get_by_role("row")).to_have_count(2)


def test_without_scripts_a_clerk_enters_what_a_design_change_made_of_the_project(
    window: Window, accessible: Accessible
) -> None:
    with window.signed_in("青山窗口", java_script_enabled=False) as page:
        page.goto("/window/projects/4/site")
        press(page, "重大设计变更：附上改后的项目")
        page.locator('[name="touches"]').fill("加层")
        press(page, "从现在的内容改起")
        page.get_by_role("button", name="第 1 栋", exact=True).click()
        page.get_by_label("建筑面积（㎡）", exact=True).fill("2850")
        press(page, "看有什么不同")
        expect(page.get_by_text("分类改变：免于审查 → 审查后置")).to_be_visible()
        expect(page.get_by_role("row", name="第 1 栋 建筑面积")).to_contain_text("2850")
        press(page, "记入这次变更")
        expect(page.get_by_role("heading", name="今天可以施工到哪里")).to_be_visible()
        expect(page.get_by_text("分类改变：免于审查 → 审查后置")).to_be_visible()
    with window.signed_in("青山窗口") as page:
        page.goto("/window/projects/9/change")
        accessible(page)
        page.locator('[name="touches"]').fill("加层")
        press(page, "从现在的内容改起")
        accessible(page)
        press(page, "看有什么不同")
        accessible(page)


def test_an_auditor_finds_a_decision_replays_verifies_and_counts(
    window: Window, accessible: Accessible
) -> None:
    with window.signed_in("审计员") as page:
        page.goto("/audit?q=先锋道")
        rows = page.get_by_role("group", name="日志").get_by_role("row")
        expect(rows).to_have_count(3)
        rows.nth(1).get_by_role("link").click()
        expect(page.get_by_text("逐字相同")).to_be_visible()
        expect(page.get_by_text("测绘后面积更正").first).to_be_visible()
        page.goto("/audit?q=先锋道")
        press(page, "重放")
        expect(page.get_by_text("重放 2 个决定，全部相同。")).to_be_visible(timeout=20_000)
        page.goto("/audit")
        press(page, "核对日志")
        expect(page.get_by_text("全部相符。")).to_be_visible(timeout=20_000)
        page.goto("/statistics")
        accessible(page)
        assert page.goto("/window").status == 403  # pyright: ignore[reportOptionalMemberAccess]


def test_an_administrator_makes_a_user_who_must_choose_a_password(
    window: Window, accessible: Accessible
) -> None:
    with window.signed_in("管理员") as page:
        page.get_by_label("姓名").fill("新来的审计员")
        page.get_by_label("角色").select_option("auditor")
        press(page, "添加用户")
        password = page.get_by_role("status").locator("code").inner_text()
        accessible(page)
        assert page.goto("/window").status == 403  # pyright: ignore[reportOptionalMemberAccess]
    with window.open() as page:
        sign_in(page, "新来的审计员", password)
        expect(page.get_by_text("您用的是一次性密码")).to_be_visible()
        page.get_by_label("现在的密码").fill(password)
        page.get_by_label("新密码", exact=True).fill(PASSWORD)
        page.get_by_label("再写一次新密码").fill(PASSWORD)
        press(page, "改密码")
        page.goto("/account/password")
        expect(page.get_by_role("banner")).to_contain_text("新来的审计员")


def test_a_reader_finds_the_sentence_its_rule_and_the_open_question(window: Window) -> None:
    with window.open() as page:
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="读规则").click()
        sentence = page.get_by_role("article", name="二(一)1(1)")
        expect(sentence).to_contain_text("不超过二层")
        expect(sentence.get_by_role("heading", name="规则").first).to_be_visible()
        sentence.get_by_role("link", name="A12").click()
        expect(page).to_have_url(f"{window.base}/law/questions#A12")


def test_with_the_keyboard_alone_a_firm_reaches_a_verdict(window: Window) -> None:
    with window.open() as page:
        keys = page.keyboard
        page.goto("/assess")
        keys.press("Tab")
        assert focused(page) == "跳到正文"
        keys.press("Enter")
        reach(page, "way")
        keys.press("ArrowDown")
        expect(page.get_by_label("整页填写")).to_be_checked()
        reach(page, "从头开始")
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("项目")
        reach(page, "investment")
        choose(page, "政府投资")
        reach(page, "category")
        choose(page, "房屋建筑")
        reach(page, "下一页")
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("第 1 栋")
        reach(page, "buildings[0].use")
        choose(page, "办公")
        reach(page, "buildings[0].floor_area_m2")
        keys.type("1850")
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("性质与特殊工程")
        reach(page, "special_works:known")
        keys.press("ArrowRight")
        expect(page.locator('[name="special_works:known"][value=none]')).to_be_checked()
        reach(page, "review_commissioned_on:known")
        with page.expect_response("**/assess/verdict"):
            keys.press("ArrowRight")
        reach(page, "结论")
        keys.press("Enter")
        expect(page.get_by_role("heading", name="审查方式：")).to_be_visible()


def test_with_the_keyboard_alone_a_firm_is_interviewed_and_goes_back(window: Window) -> None:
    with window.open() as page:
        keys, heading = page.keyboard, page.get_by_role("heading", level=1)
        page.goto("/assess")
        reach(page, "从头开始")
        keys.press("Enter")
        asked = list[str]()
        for number in range(1, 8):
            expect(page.get_by_text(f"第 {number} 题")).to_be_visible()
            asked.append(heading.inner_text())
            reach(page, "said")
            if page.evaluate("document.activeElement.type") in {"radio", "checkbox"}:
                keys.press("Space")
            else:
                keys.type("2")
            keys.press("Enter")
        expect(page.get_by_text("第 8 题")).to_be_visible()
        assert len(set(asked)) == len(asked)
        reach(page, "上一题")
        keys.press("Enter")
        expect(heading).to_have_text(asked[-1])
        reach(page, "结论")
        keys.press("Enter")
        expect(page.get_by_role("heading", name="审查方式：")).to_be_visible()


def focused(page: Page) -> str:
    """Return the name of what has the focus, having seen that the eye can find it."""
    name, outline = page.evaluate(
        "() => { const e = document.activeElement;"
        " return [e.name && e.tagName !== 'BUTTON' ? e.name : e.innerText.trim(),"
        " getComputedStyle(e).outlineStyle]; }"
    )
    assert outline != "none", f"{name} does not show its focus"
    return name


def reach(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"the Tab key does not reach {name}")


def choose(page: Page, words: str) -> None:
    """Choose in a list by typing the arrow key."""
    wanted = "() => document.activeElement.selectedOptions[0].text"
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        if page.evaluate(wanted) == words:
            return
    raise AssertionError(f"the arrow keys do not reach {words}")
