"""Writes the tars of samples beside it and what they hold, by Python's tarfile and WebDataset's own expression.

A line of NAME.txt for each member of a sample: record, key, extension, offset and size of the content.
"""
import gzip, io, os, re, tarfile

here = os.path.dirname(os.path.abspath(__file__))
base_plus_ext = re.compile(r"^((?:.*/|)[^.]+)[.]([^/]*)$")
skip_meta = re.compile(r"__[^/]*__($|/)")
deep = "/".join("folder.%02d" % i for i in range(14)) + "/"
long = deep + "x" * 120
members = [
    ("__meta__/info.json", b"{}"), ("000.jpg", b"\xff\xd8picture\xff\xd9"), ("000.txt", b"a cat"), ("000.json", b'{"w": 1}'),
    ("001.PNG", b"\x89PNG" + bytes(508)), ("001.Txt", b""), ("001.cls", b" 7\n"), ("README", b"no extension"),
    ("v1.2/002.left.jpg", b"l"), ("v1.2/002.right.jpg", b"r" * 1025), ("v1.2/002.json", b'{"a": [1, 2.5, NaN], "t": "' + b"x" * 483 + b'"}'),
    (deep + "003.jpg", b"d"), (deep + "003.txt", "un café, 猫".encode()), (long + ".jpg", b"p"), (long + ".txt", b"long"),
    ("dir/.hidden.jpg", b"h"), (".top.jpg", b"t"), ("004.", b"e"), ("__x__", b"m"), ("__x__.jpg", b"not meta"), ("naïve.jpg", b"n"),
]


def write(name, form, mtime=0):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as tar:
        folder = tarfile.TarInfo("v1.2")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for member, content in members:
            if form == tarfile.USTAR_FORMAT and len(member.encode()) > 200:
                continue
            info = tarfile.TarInfo(member)
            info.size, info.mtime = len(content), mtime
            tar.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("005.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with open(os.path.join(here, name + ".tar"), "wb") as out:
        out.write(data.getvalue())
    lines, current, record = [], None, -1
    with tarfile.open(fileobj=io.BytesIO(data.getvalue())) as tar:
        for info in tar:
            if not info.isreg() or skip_meta.match(info.name):
                continue
            match = base_plus_ext.match(info.name)
            if not match:
                continue
            key, ext = match.groups()
            if key != current:
                current, record = key, record + 1
            lines.append("%d\t%s\t%s\t%d\t%d" % (record, key, ext.lower(), info.offset_data, info.size))
    with open(os.path.join(here, name + ".txt"), "w") as out:
        out.write("".join(line + "\n" for line in lines))


write("ustar", tarfile.USTAR_FORMAT)
write("gnu", tarfile.GNU_FORMAT)
# A time with a fraction gives each member a pax header, as webdataset.TarWriter writes it.
write("pax", tarfile.PAX_FORMAT, 1700000000.5)
with open(os.path.join(here, "pax.tar"), "rb") as plain, open(os.path.join(here, "pax.tar.gz"), "wb") as out:
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as packed:
        packed.write(plain.read())

names = [
    "a.jpg", "d.x/a.jpg", "d.x/a.v2.jpg", "a", "d/a", ".a", "d/.a.b", "d.x/.a", "d.x/e/.a", "a.", "a..b", "/a.b", "//.b", "/.b", "a/.", "",
    ".", "/", "a.b/c", "x/a.B.C", "a.b/", "..", "../a.b", "a/../b.c", "é.jpg", "a b.c d", "__a__.jpg", "__a__/b.jpg", "__a__", "____", "___",
    "__a__b__/c.jpg", "x/__a__/b.jpg", "__/b.jpg", "__a_/b.jpg", "._a.jpg", "a/b/c/.d.e", "a/b.b/c/.d.e", "a/b/c.c/.d.e",
]
with open(os.path.join(here, "names.txt"), "w") as out:
    for name in names:
        match = base_plus_ext.match(name)
        meta = 1 if skip_meta.match(name) else 0
        out.write("\t".join([name, str(meta), *(match.groups() if match else ("-",))]) + "\n")
