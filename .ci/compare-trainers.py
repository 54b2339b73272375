"""Runs the trainers' own preprocessing over conversations and writes what they make of them; see compare-trainers."""

import ast
import copy
import json
import os
import random
import sys
import types

import numpy
import sentencepiece
import tokenizers

SOURCES, FOLDER, OUTPUT = sys.argv[1:4]
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 400
IGNORED = -100
WHOLE = 1 << 14
FEATURES = 576


# What the sources import, as far as their preprocessing uses it.

class Tensor(numpy.ndarray):
    def clone(self):
        return self.copy()

    def ne(self, other):
        return self != other


def tensor(values, dtype=None):
    return numpy.array(values, dtype=numpy.int64).view(Tensor)


torch = types.SimpleNamespace(int=None, long=None, tensor=tensor, stack=lambda rows, dim=0: numpy.stack(rows).view(Tensor), Tensor=Tensor)


class Output:
    def __init__(self, input_ids):
        self.input_ids = input_ids


class Anything(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda self, *a, **k: None})


def module(name, **members):
    made = Anything(name)
    made.__dict__.update(members)
    made.__path__ = []
    sys.modules[name] = made
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, made)
    return made


class PreTrainedTokenizer:
    def __init__(self, **options):
        pass

    def __call__(self, text):
        return Output(self.convert_tokens_to_ids(self.tokenize(text)))

    def encode(self, text, add_special_tokens=True):
        return self(text).input_ids


for name in ["requests", "PIL", "PIL.Image", "matplotlib", "matplotlib.colors", "matplotlib.font_manager", "matplotlib.figure", "matplotlib.backends", "matplotlib.backends.backend_agg", "transformers.utils"]:
    module(name)
sys.modules["torch"] = torch
module("transformers", PreTrainedTokenizer=PreTrainedTokenizer, AddedToken=str)


def source(path):
    with open(os.path.join(SOURCES, path), encoding="utf-8") as file:
        return file.read()


def functions(path, names, **globals):
    """Some functions of a source, without the rest of it."""
    tree = ast.parse(source(path))
    tree.body = [ast.ImportFrom("__future__", [ast.alias("annotations")], 0)] + [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name in names]
    space = {"torch": torch, "copy": copy, "IGNORE_TOKEN_ID": IGNORED, "IGNORE_INDEX": IGNORED, "IS_TOKENIZER_GREATER_THAN_0_14": True, "rank0_print": lambda *a: None, "print": lambda *a: None, **globals}
    exec(compile(ast.fix_missing_locations(tree), path, "exec"), space)
    return types.SimpleNamespace(**{n: space[n] for n in names})


def whole(path, name):
    made = types.ModuleType(name)
    sys.modules[name] = made
    exec(compile(source(path), path, "exec"), made.__dict__)
    return made


# Tokenizers as the trainers call them.

class SlowLlama:
    """The slow tokenizer of `transformers` in its legacy mode: special tokens first, then each piece by itself."""
    legacy = True
    specials = {"<unk>": 0, "<s>": 1, "</s>": 2}
    bos_token_id, eos_token_id, pad_token_id, unk_token_id = 1, 2, 0, 0

    def __init__(self, path, limit=WHOLE):
        self.model = sentencepiece.SentencePieceProcessor(model_file=path)
        self.model_max_length = limit

    def encode(self, text, add_special_tokens=True):
        ids, at, start = ([1] if add_special_tokens else []), 0, 0
        while at < len(text):
            special = next((s for s in self.specials if text.startswith(s, at)), None)
            if special is None:
                at += 1
                continue
            ids += self.model.encode(text[start:at]) + [self.specials[special]]
            at += len(special)
            start = at
        return ids + self.model.encode(text[start:])

    def __call__(self, text, return_tensors=None, padding=None, max_length=None, truncation=False):
        if isinstance(text, str):
            return Output(self.encode(text))
        rows = [self.encode(t)[: max_length if truncation else None] for t in text]
        if padding == "max_length":
            rows = [r + [self.pad_token_id] * (max_length - len(r)) for r in rows]
        return Output(tensor(rows))

    def convert_tokens_to_ids(self, token):
        return self.specials[token]


class Fast:
    def __init__(self, path, bos, eos):
        self.model = tokenizers.Tokenizer.from_file(path)
        self.bos_token_id, self.eos_token_id = self.model.token_to_id(bos), self.model.token_to_id(eos)

    def encode(self, text, add_special_tokens=True):
        return self.model.encode(text, add_special_tokens=False).ids


# Trainers.

def qwen_tokenizer(span):
    made = whole("Monkey/monkey_model/tokenization_qwen.py", "tokenization_qwen").QWenTokenizer(os.path.join(FOLDER, "qwen.tiktoken"))
    made.IMG_TOKEN_SPAN = span
    made.pad_token_id = made.eod_id
    return made


def shaped(turns, user, assistant):
    names = {"user": user, "assistant": assistant}
    return [{"from": names.get(role, role), "value": text} for role, text in turns]


def row(made):
    return [int(x) for x in made["input_ids"]], [int(x) for x in made["labels"]]


def monkey(turns, limit, image):
    return row(MONKEY.preprocess(shaped(turns, "user", "assistant"), QWEN, limit))


def textmonkey(turns, limit, image):
    return row(TEXTMONKEY.preprocess(shaped(turns, "user", "assistant"), QWEN, limit))


def qwen_vl(turns, limit, image):
    made = QWENVL.preprocess([shaped(turns, "user", "assistant")], QWEN, limit)
    return row({k: v[0] for k, v in made.items()})


def llava(turns, limit, image):
    LLAMA.model_max_length = limit
    sources = [shaped(turns, "human", "gpt")]
    if image:
        sources = LLAVA.preprocess_multimodal(sources, types.SimpleNamespace(is_multimodal=True, mm_use_im_start_end=False))
    made = LLAVA.preprocess_v1(sources, LLAMA, has_image=image)
    ids, labels = row({k: v[0] for k, v in made.items()})
    # The model puts a picture's features where its token is.
    cut = list(zip(ids, labels))[:limit]
    cut = [pair for token, label in cut for pair in ([(token, IGNORED)] * FEATURES if token == -200 else [(token, label)])]
    return [t for t, _ in cut], [l for _, l in cut]


def fastchat(turns, limit, image):
    LLAMA.model_max_length = limit
    made = FASTCHAT.preprocess([shaped(turns, "human", "gpt")], LLAMA)
    return row({k: v[0] for k, v in made.items()})


def factory(name, tokenizer):
    def run(turns, limit, image):
        system, rest = None, turns
        if turns and turns[0][0] == "system":
            system, rest = turns[0][1], turns[1:]
        pairs = TEMPLATES[name].encode_multiturn(tokenizer, [{"role": r, "content": t} for r, t in rest], system, None)
        ids, labels = [], []
        for prompt, answer in pairs:
            ids += prompt + answer
            labels += [IGNORED] * len(prompt) + answer
        return ids, labels
    return run


def load():
    global QWEN, LLAMA, MONKEY, TEXTMONKEY, QWENVL, LLAVA, FASTCHAT, TEMPLATES
    QWEN = qwen_tokenizer(256)
    LLAMA = SlowLlama(os.path.join(FOLDER, "mistral-v1.model"))
    names = ["preprocess", "format_tokenizer"]
    MONKEY = functions("Monkey/finetune_multitask.py", names)
    TEXTMONKEY = functions("Monkey/finetune_multitask_dialouge_doc.py", names)
    QWENVL = functions("Qwen-VL/finetune.py", ["preprocess"])
    conversation = whole("LLaVA/llava/conversation.py", "llava_conversation")
    conversation.default_conversation = conversation.conv_templates["v1"]
    image_token = functions("LLaVA/llava/mm_utils.py", ["tokenizer_image_token"], IMAGE_TOKEN_INDEX=-200).tokenizer_image_token
    LLAVA = functions("LLaVA/llava/train/train.py", ["preprocess_v1", "preprocess_multimodal"], conversation_lib=conversation, tokenizer_image_token=image_token, DEFAULT_IMAGE_TOKEN="<image>")
    chat = whole("FastChat/fastchat/conversation.py", "fastchat_conversation")
    FASTCHAT = functions("FastChat/fastchat/train/train.py", ["preprocess"], get_conversation_template=lambda name: chat.get_conv_template("vicuna_v1.1"), SeparatorStyle=chat.SeparatorStyle)
    for name in ["lf", "lf.extras", "lf.data"]:
        module(name)
    module("lf.extras.logging")
    sys.modules["lf.extras"].logging = types.SimpleNamespace(get_logger=lambda name: None)
    module("lf.data.data_utils", Role=types.SimpleNamespace(USER="user", ASSISTANT="assistant", OBSERVATION="observation", FUNCTION="function"), SLOTS=None)
    module("lf.data.mm_plugin", get_mm_plugin=lambda *a, **k: None)
    for name in ["tool_utils", "formatter", "template"]:
        made = module("lf.data." + name, __package__="lf.data")
        exec(compile(source(f"LLaMA-Factory/src/llamafactory/data/{name}.py"), name, "exec"), made.__dict__)
    TEMPLATES = sys.modules["lf.data.template"].TEMPLATES


# Conversations.

def text(rnd, kind):
    pieces = []
    for _ in range(rnd.choice([0, 1, 1, 2, 3, 5])):
        odd = rnd.random()
        if odd < 0.7:
            words = ["a photo", "of the", "Straße", "cafe\u0301", "e\u0301\u0323", "猫が座る", "一只猫坐在桌子上", "가\u11a8", "123", "!?", "  ", "\n", "don't", "😀", "ASSISTANT:", "USER:"]
            pieces.append(" ".join(rnd.choice(words) for _ in range(rnd.randint(1, 12))))
        elif kind == "llama":
            pieces.append(rnd.choice(["<image>", "<image>\n", " ASSISTANT: ", "</s>", "<s>", "<unk>", " ", "\u3000"]))
        elif kind == "qwen":
            path = "p" * rnd.choice([3, 9, 250, 254])
            pieces.append(rnd.choice([f"<img>{path}</img>"] * 5 + ["<img>cafe\u0301.jpg</img>", "<img>", "</img>", "<|im_end|>", "<img>a<box>b</img>", "<img>" + "p" * 257 + "</img>", "<|endoftext|>", "<|extra_17|>"]))
        else:
            pieces.append(rnd.choice(["<|im_end|>", "<|eot_id|>", "</s>", "<|endoftext|>", "[INST]"]))
    return "".join(pieces)


def counted(made):
    """Tokens and labels without what pads them."""
    ids, labels = made
    first = next((i for i in range(1, len(labels)) if labels[i] != IGNORED), -1)
    return {"first": first, "labelled": sum(x != IGNORED for x in labels[1:])}


def main():
    load()
    runs = {
        "monkey": (monkey, "qwen", "qwen.tiktoken"), "textmonkey": (textmonkey, "qwen", "qwen.tiktoken"), "qwen-vl": (qwen_vl, "qwen", "qwen.tiktoken"),
        "llava": (llava, "llama", "mistral-v1.model"), "vicuna": (fastchat, "fastchat", "mistral-v1.model"),
        "chatml": (factory("qwen2_vl", QWEN), "plain", "qwen.tiktoken"), "llama2": (factory("llama2", LLAMA), "plain", "mistral-v1.model"),
        "mistral": (factory("mistral", LLAMA), "plain", "mistral-v1.model"),
    }
    fast = os.path.join(FOLDER, "llama3.json")
    if os.path.exists(fast):
        runs["llama3"] = (factory("llama3", Fast(fast, "<|begin_of_text|>", "<|eot_id|>")), "plain", "llama3.json")
    rnd = random.Random(7)
    totals = {}
    with open(OUTPUT, "w", encoding="utf-8") as out:
        for number in range(COUNT * len(runs)):
            name = list(runs)[number % len(runs)]
            run, kind, tokenizer = runs[name]
            isTemplate = kind in ("plain", "fastchat")
            count = rnd.choice([2, 2, 2, 4, 6]) if isTemplate else rnd.choice([0, 1, 2, 2, 2, 2, 3, 4, 6])
            turns = [[("user", "assistant")[i % 2], text(rnd, kind)] for i in range(count)]
            if kind == "fastchat":
                # Where the counts disagree everything is masked, which the template leaves to the preset `llava`.
                turns = [[role, t.replace("ASSISTANT:", "").replace("</s>", "").strip() or "x"] for role, t in turns]
            if kind == "plain" and rnd.random() < 0.3:
                turns.insert(0, ["system", text(rnd, kind) or "Be."])
            if not isTemplate and turns and rnd.random() < 0.1:
                turns[rnd.randrange(count)][0] = rnd.choice(["user", "assistant", "system"])
            image = kind == "llama" and rnd.random() < 0.6
            entry = {"trainer": name, "tokenizer": tokenizer, "image": image, "turns": turns, "crash": False, "limit": WHOLE}
            try:
                made = run(copy.deepcopy(turns), WHOLE, image)
                entry.update(counted(made))
                if name in ("chatml", "llama2", "llama3", "mistral", "llava"):
                    entry["tokens"] = len(made[0])
                if entry["first"] >= 0 and not isTemplate:
                    entry["limit"] = max(2, rnd.choice([entry["first"], entry["first"] + entry["labelled"], rnd.randint(2, 600)]) + rnd.randint(-1, 1))
                elif not isTemplate:
                    entry["limit"] = rnd.randint(2, 600)
                cut = run(copy.deepcopy(turns), entry["limit"], image)[1]
                entry["left"] = sum(x != IGNORED for x in cut[: entry["limit"]][1:])
            except (KeyError, AssertionError, IndexError, ValueError, TypeError):
                entry["crash"] = True
            totals[name] = totals.get(name, 0) + 1
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
    print(totals)


main()
