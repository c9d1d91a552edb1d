"""Writes the small models that the tests read, by PyTorch itself (1.13 of Debian's python3-torch).

    /usr/bin/python3 src/test/python/outside_models.py src/test/resources/io/backdoorgrid/model/io

The networks are written after the papers, with the names that the tool boxes use. Every file's logits are kept beside it.
"""
import json
import os
import struct
import sys
import types

import torch
from torch import nn

folder = sys.argv[1]
torch.manual_seed(1)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.path = shortcut
        if stride != 1 or inputs != outputs:
            self.add_module(
                shortcut, nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            )

    def forward(self, x):
        around = getattr(self, self.path)(x) if hasattr(self, self.path) else x
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) + around)


class PreActBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, shortcut):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False))

    def forward(self, x):
        active = torch.relu(self.bn1(x))
        around = self.shortcut(active) if hasattr(self, "shortcut") else x
        return self.conv2(torch.relu(self.bn2(self.conv1(active)))) + around


class ResNet(nn.Module):
    def __init__(self, block, width, classes, shortcut="shortcut", head="linear"):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        if block is BasicBlock:
            self.bn1 = nn.BatchNorm2d(width)
        inputs = width
        for stage in range(4):
            outputs = width << stage
            blocks = []
            for i in range(2):
                blocks.append(block(inputs, outputs, 2 if stage > 0 and i == 0 else 1, shortcut))
                inputs = outputs
            self.add_module("layer%d" % (stage + 1), nn.Sequential(*blocks))
        self.head = head
        self.add_module(head, nn.Linear(inputs, classes))

    def forward(self, x):
        x = self.conv1(x)
        if hasattr(self, "bn1"):
            x = torch.relu(self.bn1(x))
        for stage in range(1, 5):
            x = getattr(self, "layer%d" % stage)(x)
        return getattr(self, self.head)(x.mean((2, 3)))


# Whole modules are pickled with the name of their class, which must be found there again.
models = types.ModuleType("models.resnet")
sys.modules["models"] = types.ModuleType("models")
sys.modules["models.resnet"] = models
for thing in (ResNet, BasicBlock, PreActBlock):
    thing.__module__ = "models.resnet"
    setattr(models, thing.__name__, thing)


def trained(block, *names):
    """Statistics and scales as after a training, not as before one."""
    network = ResNet(block, 1, 3, *names)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.uniform_(-0.5, 0.5)
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 1.5)
            module.num_batches_tracked += 7
    return network.eval()


def images():
    """Two images of 8 x 8 pixels on the scale 0 to 255, as the tests make them: (97 i) mod 256."""
    pixels = torch.arange(2 * 8 * 8 * 3) * 97 % 256
    return (pixels.reshape(2, 8, 8, 3).permute(0, 3, 1, 2) / 255 - 0.5) / 0.25


expected = {}


def logits(name, network):
    with torch.no_grad():
        expected[name] = network.double()(images().double()).tolist()
    network.float()


def safetensors(name, state, metadata=None):
    """Numbers in another order than the header's, as the format allows."""
    kinds = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.float64: "F64"}
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    places = {}
    for key in sorted(state, key=lambda k: (-state[k].element_size(), k)):
        tensor = state[key].contiguous()
        raw = tensor.view(torch.int16).numpy().tobytes() if tensor.dtype == torch.bfloat16 else tensor.numpy().tobytes()
        places[key] = [len(data), len(data) + len(raw)]
        data += raw
    for key, tensor in state.items():
        header[key] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape), "data_offsets": places[key]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(folder, name), "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def save(name, value, zipped=True):
    torch.save(value, os.path.join(folder, name), _use_new_zipfile_serialization=zipped)


kuangliu = trained(BasicBlock)
logits("kuangliu.pth", kuangliu)
save("kuangliu.pth", {"net": {"module." + k: v for k, v in kuangliu.state_dict().items()}, "acc": 93.1, "epoch": 199})

torchvision = trained(BasicBlock, "downsample", "fc")
logits("torchvision-legacy.pt", torchvision)
save("torchvision-legacy.pt", torchvision.state_dict(), zipped=False)

module = trained(PreActBlock)
logits("module.pt", module)
save("module.pt", module)

bench = trained(PreActBlock)
logits("attack_result.pt", bench)
save(
    "attack_result.pt",
    {
        "model_name": "preactresnet18",
        "num_classes": 3,
        "model": bench.state_dict(),
        "data_path": "../data/cifar10",
        "img_size": [32, 32, 3],
        "clean_data": "cifar10",
        "bd_train": None,
        "bd_test": {"bd_data_container": {"save_folder_path": "bd_test", "data_dict": {0: {"path": "0/0.png"}}}},
    },
)

for dtype, name in ((torch.float16, "half.safetensors"), (torch.bfloat16, "bfloat16.safetensors")):
    network = trained(BasicBlock)
    state = {k: v.to(dtype) if v.is_floating_point() else v for k, v in network.state_dict().items()}
    network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    logits(name, network)
    safetensors(name, state, {"format": "pt", "author": "somebody"})

script = torch.jit.script(nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)))
script.save(os.path.join(folder, "script.pt"))

numbers = torch.arange(12, dtype=torch.float32)
save(
    "views.pt",
    {
        "transposed": numbers.reshape(3, 4).t(),
        "slice": numbers[5:9],
        "every-other": numbers[::2],
        "one-for-all": torch.tensor([7.5]).expand(3),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
        "half": torch.tensor([0.1, -65504, 6e-8, float("inf")], dtype=torch.float16),
        "bfloat16": torch.tensor([0.1, -3e38], dtype=torch.bfloat16),
        "double": torch.tensor([0.1], dtype=torch.float64),
        "long": torch.tensor([-3, 1 << 40]),
        "bytes": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "parameter": nn.Parameter(torch.tensor([1.5])),
    },
)


class Evil:
    def __reduce__(self):
        return os.system, ("echo a model was opened",)


save("evil.pt", {"state_dict": {"conv1.weight": torch.zeros(1)}, "more": Evil()})

with open(os.path.join(folder, "expected.json"), "w") as out:
    json.dump(expected, out, indent=1)
