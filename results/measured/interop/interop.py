"""Repairs models of PyTorch by `defend` and holds what it wrote against PyTorch.

    /usr/bin/python3 results/measured/interop/interop.py        (Debian's python3-torch)

For every model: PyTorch makes it, `defend` prunes it by CLP and writes it, and PyTorch loads that file with weights_only and
strictly by name. Beside it PyTorch prunes its own copy by CLP, written here after the paper. Prints a line of CSV each: by how
much the logits of both differ, and how many tensors of the file changed their type or shape.
"""
import importlib.util
import os
import subprocess
import sys
import tempfile

import torch
from torch import nn

home = os.path.dirname(os.path.abspath(__file__)).rsplit("/results/", 1)[0]
folder = tempfile.mkdtemp()
spec = importlib.util.spec_from_file_location("made", os.path.join(home, "src/test/python/outside_models.py"))
sys.argv = ["outside_models.py", folder]
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

U = 0.5


def prune(network):
    """Channels whose spectral norm times |gamma| / sqrt(var + eps) is an outlier of its layer."""
    modules = dict(network.named_modules())

    def norm_of(name):
        parent, _, last = name.rpartition(".")
        candidates = {"conv1": "bn1", "conv2": "bn2", "0": "1"}
        if "PreActBlock" in {type(m).__name__ for m in modules.values()}:
            candidates = {"conv1": "bn2"} if parent else {}
        found = candidates.get(last)
        return modules.get((parent + "." if parent else "") + found) if found else None

    for name, conv in list(modules.items()):
        if isinstance(conv, nn.Conv2d):
            norm = norm_of(name)
            weight = conv.weight.data
            score = torch.linalg.svdvals(weight.reshape(weight.shape[0], weight.shape[1], -1).double())[:, 0]
            if norm is not None:
                score = score * (norm.weight.data.double().abs() / (norm.running_var.double() + norm.eps).sqrt())
            pruned = score > score.mean() + U * score.std(unbiased=False)
            if norm is not None:
                norm.weight.data[pruned] = 0
                norm.bias.data[pruned] = 0
            else:
                weight[pruned] = 0


def network_of(name):
    if name in ("module.pt", "attack_result.pt"):
        return made.ResNet(made.PreActBlock, 1, 3)
    names = ("downsample", "fc") if name == "torchvision-legacy.pt" else ()
    return made.ResNet(made.BasicBlock, 1, 3, *names)


def safetensors(path):
    import json
    import struct

    kinds = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    state = {}
    for key, field in json.loads(data[8 : 8 + size]).items():
        if key != "__metadata__":
            begin, end = (8 + size + at for at in field["data_offsets"])
            state[key] = torch.frombuffer(bytearray(data[begin:end]), dtype=kinds[field["dtype"]]).reshape(field["shape"])
    return state


def state_of(path, safely):
    if path.endswith(".safetensors"):
        return safetensors(path)
    value = torch.load(path, weights_only=True) if safely else torch.load(path)
    if isinstance(value, nn.Module):
        return value.state_dict()
    for key in ("net", "model"):
        if key in value:
            value = value[key]
    return {key.replace("module.", ""): tensor for key, tensor in value.items()}


def loaded(name, state):
    network = network_of(name)
    network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    return network.eval()


print("model,types,largest difference of logits,changed types or shapes,channels that PyTorch pruned")
for name in ("kuangliu.pth", "torchvision-legacy.pt", "module.pt", "attack_result.pt", "half.safetensors", "bfloat16.safetensors"):
    source = os.path.join(folder, name)
    target = os.path.join(folder, "repaired-" + name)
    subprocess.run(
        [os.path.join(home, "jobs/backdoor-grid"), "defend", source, "--defense", "clp: {u: %s}" % U, "--output", target],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    before, after = state_of(source, False), state_of(target, True)
    assert list(before) == list(after), name
    differ = sum(before[k].dtype != after[k].dtype or before[k].shape != after[k].shape for k in before)
    ours, theirs = loaded(name, after), loaded(name, before)
    prune(theirs)
    with torch.no_grad():
        difference = (ours(made.images()) - theirs(made.images())).abs().max().item()
    zeros = sum(int((m.weight == 0).sum()) for m in theirs.modules() if isinstance(m, nn.BatchNorm2d))
    kinds = " ".join(sorted({str(v.dtype).replace("torch.", "") for v in after.values()}))
    print("%s,%s,%.1e,%d,%d" % (name, kinds, difference, differ, zeros))
