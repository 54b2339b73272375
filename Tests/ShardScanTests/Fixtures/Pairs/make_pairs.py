#!/usr/bin/env python3
"""Make records of pictures and texts with planted defects whose truth is known.

    python3 make_pairs.py OUT [--copies N] [--seed S]

Writes llava.json, monkey.json, openai.jsonl, lists.jsonl, metadata.jsonl and metadata.csv, and truth.jsonl with a line
{"shard", "record", "check", "kind"} for each planted record. Each kind of defect is planted N times (default 1) among ten
times as many records without one. No picture is written.
"""
import argparse, copy, csv, json, os, random

ap = argparse.ArgumentParser()
ap.add_argument("out")
ap.add_argument("--copies", type=int, default=1)
ap.add_argument("--seed", type=int, default=7)
a = ap.parse_args()
os.makedirs(a.out, exist_ok=True)
rnd = random.Random(a.seed)
WORDS = ("a the old red small dog cat bird boat house street tree child walks sleeps runs near under over café straße 猫 "
         "图像 Москва bright morning river bridge city with and on beach snow mountain fruit path light").split()
truth = []


def words(low, high):
    return " ".join(rnd.choice(WORDS) for _ in range(rnd.randint(low, high)))


def sentence():
    return words(4, 14).capitalize() + "."


def plan(kinds):
    """record -> kind"""
    total = a.copies * len(kinds)
    spots = rnd.sample(range(2, 6 * total + 20), total)
    return 6 * total + 24, {spot: kinds[i % len(kinds)] for i, spot in enumerate(spots)}


def make(name, record, defects):
    """Records with the defects, each a check and a function that plants it."""
    count, planted = plan(sorted(defects))
    rows = []
    for r in range(count):
        row = record(r, r in planted)
        if r in planted:
            check, plant = defects[planted[r]]
            row = plant(copy.deepcopy(row)) or row
            truth.append({"shard": name, "record": r, "check": check, "kind": planted[r]})
        rows.append(row)
    return rows


def change(path, value):
    """A function that puts a value, or what a function makes of the old one, at a path."""
    def plant(row):
        target = row
        for step in path[:-1]:
            target = target[step]
        if value is DELETE:
            del target[path[-1]]
        else:
            target[path[-1]] = value(target[path[-1]]) if callable(value) else value
        return row
    return plant


DELETE = object()


def insert(turn, at):
    def plant(row):
        key = "conversations" if "conversations" in row else "messages"
        row[key].insert(at, turn)
        return row
    return plant


# LLaVA

def llava(r, is_planted):
    row = {"id": f"{r:06d}", "image": f"coco/train2017/{r:012d}.jpg", "conversations": [
        {"from": "human", "value": "<image>\n" + sentence()}, {"from": "gpt", "value": sentence()}]}
    for _ in range(rnd.randint(0, 2)):
        row["conversations"] += [{"from": "human", "value": sentence()}, {"from": "gpt", "value": sentence()}]
    if r % 7 == 0:
        row["conversations"][0]["value"] = sentence() + "\n<image>"
    if r % 11 == 0 and not is_planted:
        del row["image"]
        row["conversations"][0]["value"] = "How is <img> or <s>struck</s> written in HTML? " + sentence()
    return row


question, answer = ["conversations", 0, "value"], ["conversations", 1, "value"]
rows = make("llava.json", llava, {
    "no placeholder": ("placeholder-mismatch", change(question, lambda t: t.replace("<image>", "").strip())),
    "two placeholders": ("placeholder-mismatch", change(question, lambda t: "<image>\n" + t)),
    "placeholder in an answer": ("placeholder-mismatch", change(answer, lambda t: "<image> " + t)),
    "placeholder without a picture": ("placeholder-mismatch", change(["image"], DELETE)),
    "picture is null": ("pair-incomplete", change(["image"], None)),
    "picture is empty": ("pair-incomplete", change(["image"], "")),
    "no turns": ("pair-incomplete", change(["conversations"], [])),
    "empty answer": ("answer-empty", change(answer, "")),
    "blank answer": ("answer-empty", change(answer, " \n\t")),
    "answer without a value": ("answer-empty", change(answer, DELETE)),
    "answer is null": ("answer-empty", change(answer, None)),
    "two questions": ("turn-order", insert({"from": "human", "value": "And why?"}, 1)),
    "two answers": ("turn-order", insert({"from": "gpt", "value": "So it is."}, 1)),
    "unknown role": ("turn-order", change(["conversations", 1, "from"], "robot")),
    "no role": ("turn-order", change(["conversations", 0, "from"], DELETE)),
    "system in the middle": ("turn-order", insert({"from": "system", "value": "Be brief."}, 1)),
    "no last answer": ("turn-order", insert({"from": "human", "value": "And then?"}, 99)),
    "template path": ("image-path-invalid", change(["image"], "<Your_Image_Dir_Path>/1.jpg")),
    "separator": ("separator-in-text", change(answer, lambda t: t + " USER: And? ASSISTANT: Yes.")),
    "end of sequence": ("separator-in-text", change(answer, lambda t: t + "</s>")),
    "special token": ("separator-in-text", change(question, lambda t: t + "<|endoftext|>")),
    "mojibake": ("text-garbled", change(answer, lambda t: t + " " + "café".encode().decode("cp1252"))),
    "replacement character": ("text-garbled", change(answer, lambda t: t + " caf\ufffd")),
})
with open(f"{a.out}/llava.json", "w") as f:
    json.dump(rows, f, ensure_ascii=False, indent=1)


# Monkey and Qwen-VL

def box():
    x, y = rnd.randint(0, 900), rnd.randint(0, 900)
    return f"<box>({x},{y}),({rnd.randint(x + 1, 999)},{rnd.randint(y + 1, 999)})</box>"


def monkey(r, is_planted):
    path = f"playground/data/{r:06d}.jpg"
    first = f"<img>{path}</img>" if r % 2 else f"Picture 1: <img>{path}</img>\n"
    row = {"id": f"identity_{r}", "conversations": [
        {"from": "user", "value": first + sentence()},
        {"from": "assistant", "value": f"<ref>{words(1, 3)}</ref>{box()} {sentence()}"}]}
    if r % 13 == 0 and not is_planted:
        row["conversations"][0]["value"] = sentence()
        row["conversations"][1]["value"] = "The elements <img> and <ref> are part of HTML and MediaWiki."
    return row


def inside(new):
    return lambda t: "<ref>dog</ref><box>" + new + "</box>"


rows = make("monkey.json", monkey, {
    "unclosed img": ("tag-unbalanced", change(question, lambda t: t.replace("</img>", " "))),
    "img closed twice": ("tag-unbalanced", change(question, lambda t: t + "</img>")),
    "unclosed box": ("tag-unbalanced", change(answer, lambda t: t.replace("</box>", ""))),
    "nested tags": ("tag-unbalanced", change(answer, "<ref>dog<box>(1,2),(3,4)</box></ref>")),
    "tag closed by another": ("tag-unbalanced", change(answer, "<ref>dog</box><box>(1,2),(3,4)</box>")),
    "box reversed": ("box-malformed", change(answer, inside("(725,499),(588,789)"))),
    "box upside down": ("box-malformed", change(answer, inside("(588,789),(725,499)"))),
    "box out of range": ("box-malformed", change(answer, inside("(588,499),(1725,789)"))),
    "box negative": ("box-malformed", change(answer, inside("(-5,499),(725,789)"))),
    "box of fractions": ("box-malformed", change(answer, inside("(0.25,0.31),(0.75,0.9)"))),
    "box with one point": ("box-malformed", change(answer, inside("(588,499)"))),
    "box of words": ("box-malformed", change(answer, inside("(left,top),(right,bottom)"))),
    "quad with three points": ("box-malformed", change(answer, "<quad>(1,2),(3,4),(5,6)</quad>")),
    "long path": ("image-path-invalid", change(question, "<img>" + "d/" * 640 + "1.jpg</img>What?")),
    "path too long for Qwen-VL": ("image-path-invalid", change(question, "<img>" + "d/" * 140 + "1.jpg</img>What?")),
    "picture in an answer": ("placeholder-mismatch", change(answer, lambda t: "<img>data/2.jpg</img>" + t)),
    "end of turn": ("separator-in-text", change(answer, lambda t: t + "<|im_end|>")),
    "answer first": ("turn-order", insert({"from": "assistant", "value": "Hello."}, 0)),
    "empty answer": ("answer-empty", change(answer, "")),
    "template path": ("image-path-invalid", change(question, "<img>/path/to/1.jpg</img>What?")),
})
with open(f"{a.out}/monkey.json", "w") as f:
    json.dump(rows, f)


# OpenAI

def openai(r, is_planted):
    url = f"https://example.com/{r}.jpg" if r % 3 else "data:image/png;base64,iVBORw0KGgo="
    content = [{"type": "text", "text": sentence()}, {"type": "image_url", "image_url": {"url": url}}]
    row = {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": content},
                        {"role": "assistant", "content": sentence()}]}
    if r % 5 == 0 and not is_planted:
        row["messages"] += [{"role": "user", "content": sentence()}, {"role": "assistant", "content": [{"type": "text", "text": sentence()}]}]
    if r % 9 == 0 and not is_planted:
        row["messages"] += [{"role": "user", "content": sentence()},
                            {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
                            {"role": "tool", "content": "4"}, {"role": "assistant", "content": sentence()}]
    return row


rows = make("openai.jsonl", openai, {
    "picture without an address": ("pair-incomplete", change(["messages", 1, "content", 1, "image_url"], {})),
    "answer is null": ("answer-empty", change(["messages", 2, "content"], None)),
    "answer is a blank part": ("answer-empty", change(["messages", 2, "content"], [{"type": "text", "text": " "}])),
    "unknown role": ("turn-order", change(["messages", 2, "role"], "Assistant")),
    "system last": ("turn-order", insert({"role": "system", "content": "Be kind."}, 99)),
    "two answers": ("turn-order", insert({"role": "assistant", "content": "Yes."}, 2)),
    "template path": ("image-path-invalid", change(["messages", 1, "content", 1, "image_url", "url"], "<image_dir>/1.jpg")),
    "special token": ("separator-in-text", change(["messages", 1, "content", 0, "text"], lambda t: t + "<|im_start|>")),
    "no turns": ("pair-incomplete", change(["messages"], [])),
})
with open(f"{a.out}/openai.jsonl", "w") as f:
    for row in rows:
        f.write(json.dumps(row, ensure_ascii=False) + "\n")


# LLaMA-Factory and ms-swift

def lists(r, is_planted):
    n = rnd.randint(1, 3)
    return {"messages": [{"role": "user", "content": "<image>" * n + sentence()}, {"role": "assistant", "content": sentence()}],
            "images": [f"data/{r}_{i}.jpg" for i in range(n)]}


rows = make("lists.jsonl", lists, {
    "one picture more": ("placeholder-mismatch", change(["images"], lambda l: l + ["data/x.jpg"])),
    "one placeholder more": ("placeholder-mismatch", change(["messages", 0, "content"], lambda t: "<image>" + t)),
    "placeholder in an answer": ("placeholder-mismatch", change(["messages", 1, "content"], lambda t: t + " <image>")),
    "text instead of a list": ("image-list-type", change(["images"], lambda l: l[0])),
    "no placeholder": ("placeholder-mismatch", change(["messages", 0, "content"], "What?")),
})
with open(f"{a.out}/lists.jsonl", "w") as f:
    for row in rows:
        f.write(json.dumps(row) + "\n")


# LAION

def metadata(r, is_planted):
    return {"key": f"{r:09d}", "url": f"https://example.com/{r}.jpg", "caption": sentence(), "width": 640 + r % 5, "height": 480,
            "similarity": round(rnd.uniform(0.25, 0.35), 4), "punsafe": round(rnd.uniform(0, 0.1), 4)}


caption = ["caption"]
rows = make("metadata.jsonl", metadata, {
    "caption is null": ("caption-empty", change(caption, None)),
    "caption is empty": ("caption-empty", change(caption, "")),
    "caption is blank": ("caption-empty", change(caption, "\u3000 \u200b")),
    "caption is None": ("caption-empty", change(caption, "None")),
    "caption is a file": ("caption-address", change(caption, "DSC_0042.JPG")),
    "caption is an address": ("caption-address", change(caption, "https://example.com/a")),
    "element": ("caption-markup", change(caption, lambda t: t + "<br />new")),
    "reference": ("caption-markup", change(caption, lambda t: t + " &#39;s")),
    "page as a caption": ("caption-length", change(caption, lambda t: (t + " ") * 400)),
    "mojibake": ("text-garbled", change(caption, lambda t: t + " " + "it’s".encode().decode("cp1252"))),
    "special token": ("separator-in-text", change(caption, lambda t: t + "<|endoftext|>")),
    "no picture": ("pair-incomplete", change(["url"], None)),
    "caption missing": ("pair-incomplete", change(caption, DELETE)),
    "cosine out of range": ("metadata-range", change(["similarity"], 31.5)),
    "size of zero": ("metadata-range", change(["width"], 0)),
})
with open(f"{a.out}/metadata.jsonl", "w") as f:
    for row in rows:
        f.write(json.dumps(row) + "\n")

rows = make("metadata.csv", metadata, {
    "NA": ("caption-empty", change(caption, "NA")),
    "nan": ("caption-empty", change(caption, "nan")),
    "empty": ("caption-empty", change(caption, "")),
})
with open(f"{a.out}/metadata.csv", "w", newline="") as f:
    table = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)

with open(f"{a.out}/truth.jsonl", "w") as f:
    for line in truth:
        f.write(json.dumps(line) + "\n")
