"""Makes hard texts, trains small tokenizers, and compares ids; see compare-tokens."""

import base64
import gzip
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

import sentencepiece
import tiktoken
import tokenizers
from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, processors, trainers

BENCH, FOLDER = sys.argv[1:3]
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 20000
WORK = tempfile.mkdtemp()

CL100K = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
O200K = "|".join([
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"""])
QWEN = CL100K.replace(r"\p{N}{1,3}", r"\p{N}")
WORDS = """the of a photo image with red blue Picture don't I'll WE'RE hello world standing next to table cafe naïve Straße
ﬁne İstanbul ΣΊΣΥΦΟΣ ОБЪЕКТ привет мир שלום עולם مرحبا بالعالم नमस्ते दुनिया สวัสดีชาวโลก 你好世界 一只猫坐在桌子上 こんにちは世界 カタカナ
ﾊﾝｶｸ 안녕하세요 각 각 Việt Nam tiếng Ω Å ﬃ ① ½ Ⅷ ٣٤٥ १२३ 𝒜𝓑 𝟙𝟚 def main(): return x+=1; {"key": [1,2,3]} <div class="a"> </s> <s> <pad>
<|endoftext|> <|im_start|> <|im_end|> [CLS] [SEP] [MASK] [UNK] <unk> <mask> https://example.com/a?b=c&d=%20 user@mail.org""".split()
EMOJI = ["😀", "👩‍👩‍👧‍👦", "👍🏽", "🇩🇪🇫🇷", "❤️", "🏳️‍🌈", "e\u0301", "a\u0308\u0323", "\u0301", "\u200d", "\u200b", "\u00ad", "\ufeff", "\ufffd", "\u2581", "\u0120",
         "\u1100\u1161\u11a8", "\u0f71\u0f74", "\u180e", "\u0085", "\u00a0", "\u3000", "\u2028", "\u202e", "\x00", "\x01", "\x7f", "\x1b[0m", "ſ", "K", "'ſ", "'S", "’s", "\U000e0041"]
SPACES = [" ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n ", " " * 7, "\n" * 5, "\t\t ", "\x0b", "\x0c"]


HAN = [w for w in WORDS if "\u3041" <= w[0] <= "\u9fff"]
# As large vocabularies have them, next to each other: characters that merge and such that do not.
HAN += """的是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还
中国 我们 一个 可以 没有 时间 人民 图片 照片 男人 女人 孩子 狗 猫 站在 坐在 旁边 蓝色 红色 白色 桌子 椅子 街道 建筑 数据 模型 训练 東京 学校 ありがとう している 사람 이미지 고양이""".split()


def run_of_han(length):
    parts = []
    while sum(map(len, parts)) < length:
        part = random.choice(HAN) if random.random() < 0.8 else chr(random.choice([random.randrange(0x4E00, 0x9FA6), random.randrange(0x3041, 0x30FF), random.randrange(0xAC00, 0xD7A4), random.randrange(0x20000, 0x2A6D7)]))
        start = random.randrange(len(part))
        parts.append(part[start:start + random.choice([1, 2, 3, 4])])
    return "".join(parts)


def texts(count):
    random.seed(11)
    assigned = [c for c in range(0x20000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")]
    blocks = [range(b, b + 0x80) for b in range(0, 0x3400, 0x80)]
    letters = [chr(c) for c in assigned]
    result = ["", " ", "\n", "a", "\u0301", "<|endoftext|>"]
    while len(result) < count:
        parts = []
        style = random.random()
        for _ in range(random.choice([1, 2, 3, 5, 8, 20, 60])):
            pick = random.random()
            if pick < 0.42:
                parts.append(random.choice(WORDS))
            elif pick < 0.5:
                parts.append(random.choice(EMOJI))
            elif pick < 0.56:
                parts.append(random.choice(letters))
            elif pick < 0.6:
                block = random.choice(blocks)
                parts.append("".join(chr(random.choice(block)) for _ in range(random.randint(1, 8))))
            elif pick < 0.66:
                parts.append(str(random.randint(0, 10 ** random.randint(1, 12))))
            elif pick < 0.7:
                parts.append(random.choice(["a", "A", " ", "=", "-", "!", "字", "é", "\n", "ab", "0", "."]) * random.choice([2, 3, 17, 64, 65, 300]))
            elif pick < 0.75:
                word = random.choice(WORDS)
                parts.append(random.choice([word.upper(), word.title(), word.lower(), word[::-1]]))
            elif pick < 0.78:
                broken = bytes(random.randrange(256) for _ in range(random.randint(1, 9)))
                parts.append(broken.decode("utf-8", errors="replace"))
            elif pick < 0.79:
                parts.append(run_of_han(random.choice([2, 4, 11, 20, 50, 200])))
            elif pick < 0.83:
                parts.append("".join(random.choice("!?.,;:'\"()[]{}<>/\\|@#$%^&*~`-_=+") for _ in range(random.randint(1, 6))))
            if style < 0.8 and random.random() < 0.75:
                parts.append(" " if random.random() < 0.8 else random.choice(SPACES))
        # Not what Unicode 14 does not know.
        text = "".join(parts)
        result.append(text)
    return result


def ours(tokenizer, path, special):
    command = [BENCH, "tokens", tokenizer, path] + (["special"] if special else [])
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    return [[int(i) for i in line.split()] for line in lines]


def compare(name, tokenizer, path, data, reference, special):
    found = ours(tokenizer, path, special)
    assert len(found) == len(data), (len(found), len(data))
    wrong = []
    for text, ids in zip(data, found):
        expected = reference(text)
        if expected != ids:
            wrong.append((text, expected, ids))
    print(f"{name:44} {len(data)} texts, {sum(map(len, found))} tokens, {len(wrong)} differ", flush=True)
    if name == "SentencePiece unigram":
        # Of two ways that are as probable, 0.2.3 takes another than 0.1.98 to 0.2.1 and Debian's 0.1.97; their numbers of tokens are
        # equal.
        wrong = [w for w in wrong if len(w[1]) != len(w[2])]
        print(f"{'':44} {len(wrong)} in their number of tokens")
    wrong.sort(key=lambda w: len(w[0]))
    for text, expected, ids in wrong[:int(os.environ.get("SHOW", "3"))]:
        at = next((i for i, (x, y) in enumerate(zip(expected, ids)) if x != y), min(len(expected), len(ids)))
        print("   ", ascii(text)[:300], "at", at, expected[at:at + 6], ids[at:at + 6])
    return len(wrong)


def ranks(path):
    with open(path, "rb") as file:
        return {base64.b64decode(t): int(r) for t, r in (line.split() for line in file if line.strip())}


def trained(data):
    corpus = data[: len(data) // 2]
    gpt2 = tokenizers.Tokenizer(models.BPE())
    gpt2.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    gpt2.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=4000, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    gpt2.post_processor = processors.ByteLevel(trim_offsets=False)

    llama3 = tokenizers.Tokenizer(models.BPE(ignore_merges=True))
    llama3.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(CL100K), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    llama3.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=4000, special_tokens=["<|begin_of_text|>", "<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))

    qwen2 = tokenizers.Tokenizer(models.BPE())
    qwen2.normalizer = normalizers.NFC()
    qwen2.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    qwen2.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=4000, special_tokens=["<|im_start|>", "<|im_end|>", "<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))

    fallback = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    llama2 = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    llama2.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    llama2.train_from_iterator([t for t in corpus if t.isascii()], trainers.BpeTrainer(vocab_size=3000, special_tokens=fallback, show_progress=False))
    document = json.loads(llama2.to_str())
    document["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
    document["pre_tokenizer"] = None
    for token in document["added_tokens"]:
        if token["content"].startswith("<0x"):
            token["special"] = False
    document["added_tokens"] = document["added_tokens"][:3]
    llama2 = tokenizers.Tokenizer.from_str(json.dumps(document))

    unknown = tokenizers.Tokenizer(models.BPE(unk_token="[UNK]", fuse_unk=False, end_of_word_suffix="</w>", continuing_subword_prefix="##"))
    unknown.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True)])
    unknown.train_from_iterator([t for t in corpus if t.isascii()], trainers.BpeTrainer(vocab_size=1500, special_tokens=["[UNK]"], end_of_word_suffix="</w>", continuing_subword_prefix="##", show_progress=False))

    piece = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=40))
    piece.normalizer = normalizers.BertNormalizer(lowercase=False)
    piece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    piece.train_from_iterator(corpus, trainers.WordPieceTrainer(vocab_size=3000, special_tokens=["[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))

    counts = {}
    for word in WORDS * 3 + [w for t in corpus[:1000] for w in t.split() if len(w) < 20]:
        word = unicodedata.normalize("NFKC", "▁" + word)
        for start in range(len(word)):
            for end in range(start + 1, min(start + 9, len(word) + 1)):
                counts[word[start:end]] = counts.get(word[start:end], 0) + (end - start)
    pieces = sorted(counts, key=lambda w: (-counts[w], w))[:6000]
    vocabulary = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + [(w, -9.0 + math.log(counts[w])) for w in pieces if w != "<unk>"]
    unigram = tokenizers.Tokenizer(models.Unigram(vocabulary, 2, byte_fallback=False))
    unigram.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    unigram.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    unigram.add_special_tokens(["<pad>", "</s>", "<unk>"])

    made = {"trained GPT-2": gpt2, "trained Llama 3 (ignore_merges)": llama3, "trained Qwen 2 (NFC)": qwen2, "trained Llama 2 (byte fallback)": llama2,
            "trained BPE (prefix, suffix, unknown)": unknown, "trained WordPiece": piece, "Unigram": unigram}
    return made


def t5(model):
    """A SentencePiece Unigram model as `transformers` converts it to tokenizer.json."""
    from sentencepiece import sentencepiece_model_pb2 as pb
    proto = pb.ModelProto()
    proto.ParseFromString(open(model, "rb").read())
    vocabulary = [(p.piece, p.score) for p in proto.pieces]
    result = tokenizers.Tokenizer(models.Unigram(vocabulary, proto.trainer_spec.unk_id, byte_fallback=False))
    result.normalizer = normalizers.Sequence([normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    result.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    result.add_special_tokens([p.piece for p in proto.pieces if p.type == 3])
    return result


def clip(path):
    lines = gzip.open(path).read().decode().split("\n")[1 : 49152 - 256 - 2 + 1]
    merges = [tuple(line.split()) for line in lines]
    order = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    alphabet = [chr(b) for b in order] + [chr(256 + n) for n in range(256 - len(order))]
    tokens = alphabet + [a + "</w>" for a in alphabet] + ["".join(m) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    result = tokenizers.Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges, end_of_word_suffix="</w>", unk_token="<|endoftext|>", continuing_subword_prefix=""))
    result.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    result.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    result.add_special_tokens(["<|startoftext|>", "<|endoftext|>"])
    return result


def main():
    data = texts(COUNT)
    path = os.path.join(WORK, "texts.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for text in data:
            file.write(json.dumps(text, ensure_ascii=False) + "\n")
    differing = 0
    for name, pattern, specials in [
        ("cl100k_base.tiktoken", CL100K, {"<|endoftext|>": 100257, "<|fim_prefix|>": 100258, "<|fim_middle|>": 100259, "<|fim_suffix|>": 100260, "<|endofprompt|>": 100276}),
        ("o200k_base.tiktoken", O200K, {"<|endoftext|>": 199999, "<|endofprompt|>": 200018}),
        ("qwen.tiktoken", QWEN, {"<|endoftext|>": 151643, "<|im_start|>": 151644, "<|im_end|>": 151645}),
        ("llama3.model", CL100K, {"<|begin_of_text|>": 128000, "<|end_of_text|>": 128001}),
        ("llama4.model", O200K, {"<|begin_of_text|>": 200000, "<|end_of_text|>": 200001}),
    ]:
        file = os.path.join(FOLDER, name)
        if not os.path.exists(file):
            continue
        # Qwen's tokenizer normalizes whatever it is given.
        form = "NFC" if name == "qwen.tiktoken" else None
        def prepared(text):
            return unicodedata.normalize(form, text) if form else text
        encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks(file), special_tokens=specials)
        differing += compare(name, file, path, data, lambda t: encoding.encode_ordinary(prepared(t)), False)
        differing += compare(name + ", special", file, path, data, lambda t: encoding.encode(prepared(t), allowed_special="all"), True)
    made = trained(data)
    for name in sorted(os.listdir(FOLDER)):
        if name.startswith("mistral") and name.endswith(".model"):
            file = os.path.join(FOLDER, name)
            processor = sentencepiece.SentencePieceProcessor(model_file=file)
            differing += compare(name, file, path, data, processor.encode, False)
    for name in ["deepseek", "llama3", "minilm", "anthropic_tokenizer"]:
        file = os.path.join(FOLDER, name + ".json")
        if os.path.exists(file):
            made[name] = tokenizers.Tokenizer.from_file(file)
    for model in ["unigram", "bpe"]:
        prefix = os.path.join(WORK, model)
        with open(prefix + ".txt", "w", encoding="utf-8") as file:
            for text in data[: len(data) // 2]:
                file.write(" ".join(text.replace("\x00", "").split()) + "\n")
        sentencepiece.SentencePieceTrainer.train(input=prefix + ".txt", model_prefix=prefix, vocab_size=16000, model_type=model, byte_fallback=model == "bpe", minloglevel=2, character_coverage=0.99)
        processor = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
        differing += compare("SentencePiece " + model, prefix + ".model", path, data, processor.encode, False)
    try:
        made["T5 of SentencePiece unigram"] = t5(os.path.join(WORK, "unigram.model"))
    except ImportError:
        print("sentencepiece_model_pb2 needs protobuf: T5 is left out")
    for name, tokenizer in made.items():
        tokenizer.no_truncation()
        tokenizer.no_padding()
        file = os.path.join(WORK, "tokenizer.json")
        tokenizer.save(file)
        for special in [False, True]:
            tokenizer.encode_special_tokens = not special
            differing += compare(name + (", special" if special else ""), file, path, data, lambda t: tokenizer.encode(t, add_special_tokens=False).ids, special)
    file = os.path.join(FOLDER, "bpe_simple_vocab_16e6.txt.gz")
    if os.path.exists(file):
        tokenizer = clip(file)
        tokenizer.encode_special_tokens = True
        unpacked = os.path.join(WORK, "clip.txt")
        open(unpacked, "wb").write(gzip.open(file).read())
        differing += compare("CLIP", unpacked, path, data, lambda t: tokenizer.encode(t, add_special_tokens=False).ids, False)
    sys.exit(1 if differing else 0)


main()
