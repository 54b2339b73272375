#!/usr/bin/env python3
"""Writes trainers.jsonl and resize.tsv beside this file: what trainers make of conversations, and sizes of pictures.

Everything is done the long way, with one list entry a token, after the published behaviour of the trainers; a token is a
byte of UTF-8 or a special token. Needs Python 3.9 and nothing else; the same bytes each time.
"""
import json, math, os, random

HERE = os.path.dirname(os.path.abspath(__file__))
IGNORED = -100
QWEN = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>",
        "<img>", "</img>", "<imgpad>"] + [f"<|extra_{i}|>" for i in range(204, -1, -1)]
LLAMA = ["<unk>", "</s>", "<s>"]


class Refused(Exception):
    pass


class Crash(Exception):
    pass


def tokens(text, specials):
    """bytes as numbers, special tokens as texts"""
    out, place = [], 0
    while place < len(text):
        special = next((s for s in specials if text.startswith(s, place)), None)
        if special:
            out.append(special)
            place += len(special)
        else:
            out += list(text[place].encode())
            place += 1
    return out


def qwen(text, span):
    source, out, place = tokens(text, QWEN), [], 0
    while "<img>" in source[place:]:
        start = source.index("<img>", place)
        out += source[place:start]
        if "</img>" not in source[start:]:
            raise Refused("unclosed")
        end = source.index("</img>", start)
        path = source[start + 1:end]
        if any(isinstance(t, str) for t in path):
            raise Refused("special token in a path")
        if len(path) > span:
            raise Refused("long path")
        out += ["<img>"] + path + ["<imgpad>"] * (span - len(path)) + ["</img>"]
        place = end + 1
    return out + source[place:]


def look_at_pictures(ids, span):
    starts = [i for i, t in enumerate(ids) if t == "<img>"]
    ends = [i for i, t in enumerate(ids) if t == "</img>"]
    if not starts:
        return
    if len(starts) != len(ends):
        raise Crash("stack of unequal sizes")
    for start, end in zip(starts, ends):
        if "<imgpad>" not in ids[start + 1:end - 1]:
            raise Crash("no padding")
        if len(ids[start + 1:end]) != span:
            raise Crash("features do not fit their place")


def monkey(turns, limit, span):
    if len(turns) < 2:
        raise Crash("index")
    ids, labels = [], []
    for place, (_, text) in enumerate(turns[:2]):
        try:
            new = qwen(text, span)
        except Refused:
            continue
        ids += new
        labels += new if place == 1 else [IGNORED] * len(new)
    return ids + ["eod"], labels + ["eod"]


def textmonkey(turns, limit, span):
    ids, labels = [], []
    for place, (_, text) in enumerate(turns):
        try:
            new = qwen(text, span)
        except Refused:
            continue
        ids += new
        labels += new if place % 2 else [IGNORED] * len(new)
        if place % 2:
            ids.append("eod")
            labels.append("eod")
    return ids, labels


def qwen_vl(turns, limit, span):
    if not turns:
        raise Crash("index")
    known = {"user", "assistant"}
    if turns[0][0] not in known:
        raise Crash("key")
    if turns[0][0] != "user":
        turns = turns[1:]
    line = [10]
    system = ["<|im_start|>"] + list(b"system") + line + list(b"You are a helpful assistant.") + ["<|im_end|>"] + line
    ids = list(system)
    labels = system[:1] + [IGNORED] * (len(system) - 3) + system[-2:]
    for role, text in turns:
        if role not in known:
            raise Crash("key")
        head = ["<|im_start|>"] + list(role.encode())
        try:
            new = head + line + qwen(text, span) + ["<|im_end|>"] + line
        except Refused:
            raise Crash("refused")
        ids += new
        if role == "user":
            labels += new[:1] + [IGNORED] * (len(new) - 3) + new[-2:]
        else:
            labels += new[:1] + [IGNORED] * len(head) + new[len(head) + 1:-2] + new[-2:]
    assert len(ids) == len(labels)
    return ids, labels


VICUNA = ("A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, "
          "and polite answers to the user's questions.")


def vicuna(text, has_image):
    chunks = text.split("<image>") if has_image else [text]
    out = ["<s>"]
    for place, chunk in enumerate(chunks):
        out += (["PICTURE"] if place else []) + tokens(chunk, LLAMA)
    return out


def llava(turns, limit, cost, has_image):
    names = {"user": "USER", "assistant": "ASSISTANT"}
    if not turns:
        raise Crash("index")
    if any(role not in names for role, _ in turns):
        raise Crash("key")
    if turns[0][0] != "user":
        turns = turns[1:]
    prompt = VICUNA + " "
    for place, (role, text) in enumerate(turns):
        if role != ("user", "assistant")[place % 2]:
            raise Crash("order")
        if has_image and "<image>" in text:
            text = ("<image>\n" + text.replace("<image>", "").strip()).strip()
        prompt += names[role] + ":" + ((" " + text + (" ", "</s>")[place % 2]) if text else "")
    ids = vicuna(prompt, has_image)
    # Without a picture the tokenizer cuts; the rest is kept here to tell what would be lost.
    length = len(ids) if has_image else min(len(ids), limit)
    labels, place = list(ids), 1
    labels[0] = IGNORED
    for part in prompt.split("</s>"):
        if part == "":
            break
        halves = part.split(" ASSISTANT: ")
        if len(halves) != 2:
            break
        masked = len(vicuna(halves[0] + " ASSISTANT: ", has_image)) - 2
        labels[place:place + masked] = [IGNORED] * len(labels[place:place + masked])
        place += len(vicuna(part, has_image))
    labels[place:] = [IGNORED] * len(labels[place:])
    if place < limit and place != length:
        labels = [IGNORED] * len(ids)
    out, known = [], []
    for token, label in zip(ids, labels):
        out += [token] * (cost if token == "PICTURE" else 1)
        known += [IGNORED] * cost if token == "PICTURE" else [label]
    return out, known


def outcome(trainer, turns, limit, span, has_image):
    try:
        if trainer == "llava":
            ids, labels = llava(turns, limit, span, has_image)
        else:
            ids, labels = {"monkey": monkey, "textmonkey": textmonkey, "qwen-vl": qwen_vl}[trainer](turns, limit, span)
            look_at_pictures(ids[:limit], span)
    except Crash:
        return {"crash": True}
    first = next((i for i in range(1, len(labels)) if labels[i] != IGNORED), -1)
    return {"crash": False, "tokens": len(ids), "first": first,
            "labelled": sum(x != IGNORED for x in labels[1:]), "left": sum(x != IGNORED for x in labels[:limit][1:])}


def text(rnd, trainer):
    pieces = []
    for _ in range(rnd.choice([0, 1, 1, 2, 3])):
        word = "".join(rnd.choice("abc é日") for _ in range(rnd.randint(0, 20)))
        odd = rnd.random()
        if odd > 0.35:
            pieces.append(word)
        elif trainer == "llava":
            pieces.append(rnd.choice(["<image>", "<image>\n", " ASSISTANT: ", "</s>", "<s>", " ", "\n\u3000", "ASSISTANT:"]))
        else:
            path = "p" * rnd.choice([3, 3, 3, 3, 9, 10, 11, 12, 13])
            pieces.append(rnd.choice([f"<img>{path}</img>"] * 6 + [
                "<img>", "</img>", "<|im_end|>", "<img>a<box>b</img>", "<imgpad>", "<|endoftext|>", "<|extra_17|>", "<im"]))
    return "".join(pieces)


def main():
    rnd = random.Random(11)
    with open(os.path.join(HERE, "trainers.jsonl"), "w", encoding="utf-8") as out:
        for number in range(1600):
            trainer = ["monkey", "textmonkey", "qwen-vl", "llava"][number % 4]
            count = rnd.choice([0, 1, 2, 2, 2, 2, 3, 4, 6])
            turns = [[("user", "assistant")[i % 2], text(rnd, trainer)] for i in range(count)]
            if turns and rnd.random() < 0.1:
                turns[rnd.randrange(count)][0] = rnd.choice(["user", "assistant", "system"])
            has_image = rnd.random() < 0.6
            span = 12
            # A limit near the first label, or near the end, half of the time.
            limit = rnd.randint(2, 400)
            whole = outcome(trainer, turns, 1 << 30, span, has_image)
            if not whole["crash"] and rnd.random() < 0.5:
                limit = max(1, rnd.choice([whole["first"], whole["tokens"]]) + rnd.randint(-1, 1))
            entry = {"trainer": trainer, "limit": limit, "span": span, "image": has_image, "turns": turns}
            entry.update(outcome(trainer, turns, limit, span, has_image))
            out.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n")
    with open(os.path.join(HERE, "resize.tsv"), "w") as out:
        sizes = [(1, 1), (13, 13), (14, 14), (27, 28), (42, 70), (14, 2800), (14, 2801), (200, 1), (201, 1), (1, 200)]
        sizes += [(rnd.randint(1, 5000), rnd.randint(1, 5000)) for _ in range(500)]
        sizes += [(rnd.randint(1, 60), rnd.randint(1, 400)) for _ in range(200)]
        sizes += [(14 * rnd.randint(1, 200), 14 * rnd.randint(1, 200)) for _ in range(200)]
        for height, width in sizes:
            row = [height, width]
            for least, most, side in ((3136, 1003520, 0), (3136, 12845056, 28)):
                row += ["-", "-"] if max(height, width) / min(height, width) > 200 else resize(height, width, least, most, side)
            out.write("\t".join(map(str, row)) + "\n")


def resize(height, width, least, most, side):
    down, across = (max(side, round(x / 28) * 28) for x in (height, width))
    if down * across > most:
        beta = math.sqrt((height * width) / most)
        down, across = (max(28, math.floor(x / beta / 28) * 28) for x in (height, width))
    elif down * across < least:
        beta = math.sqrt(least / (height * width))
        down, across = (math.ceil(x * beta / 28) * 28 for x in (height, width))
    return [down, across]


main()
