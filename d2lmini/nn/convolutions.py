"""Convolution in one dimension and transposed, pooling and resizing: modules beside layers.py."""

from __future__ import annotations

from .. import functional as F
from ..checks import pair
from .layers import Conv2d, _Affine, _Pool2d
from .module import Module


class Conv1d(Conv2d):
    """Cross-correlation along one axis, learned: (n, in_channels, l) -> (n, out_channels, ol)."""

    axes = 1

    def forward(self, input):
        return F.conv1d(input, self.weight, self.bias, self.stride, self.padding, self.dilation,
                        self.groups)


class ConvTranspose2d(_Affine):
    """conv2d backwards: (n, in_channels, h, w) -> (n, out_channels, oh, ow)."""

    axes = 2

    def __init__(self, in_channels: int, out_channels: int, kernel_size, stride=1, padding=0,
                 output_padding=0, groups: int = 1, bias: bool = True, dilation=1, **options):
        kernel = pair("ConvTranspose2d: kernel_size", kernel_size, 1)
        super().__init__((in_channels, out_channels // groups, *kernel),
                         out_channels if bias else None, **options)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = kernel
        self.stride, self.padding, self.output_padding, self.dilation = (
            pair(f"ConvTranspose2d: {name}", value, 0) for name, value in (
                ("stride", stride), ("padding", padding), ("output_padding", output_padding),
                ("dilation", dilation)))

    def forward(self, input):
        return F.conv_transpose2d(input, self.weight, self.bias, self.stride, self.padding,
                                  self.output_padding, self.groups, self.dilation)

    def extra_repr(self):
        return Conv2d.extra_repr(self, output_padding=(0, 0))


class MaxPool1d(_Pool2d):
    """The largest value of each window: (n, c, l) -> (n, c, ol)."""

    def forward(self, input):
        return F.max_pool1d(input, self.kernel_size, self.stride, self.padding)

    def extra_repr(self):
        return f"{super().extra_repr()}, dilation=1, ceil_mode=False"


class AvgPool1d(_Pool2d):
    """The mean of each window: (n, c, l) -> (n, c, ol)."""

    def forward(self, input):
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding)

    def extra_repr(self):
        return (f"kernel_size=({self.kernel_size},), stride=({self.stride},), "
                f"padding=({self.padding},)")


class _Adaptive(Module):
    function = None

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, input):
        return type(self).function(input, self.output_size)

    def extra_repr(self):
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_Adaptive):
    """Means over windows that give the output size: (n, c, l) -> (n, c, output_size)."""

    function = staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_Adaptive):
    """Means over windows that give the output size: (n, c, h, w) -> (n, c, *output_size)."""

    function = staticmethod(F.adaptive_avg_pool2d)


class AdaptiveMaxPool2d(_Adaptive):
    """The largest values of windows that give the output size."""

    function = staticmethod(F.adaptive_max_pool2d)


class Upsample(Module):
    """Images in another size, as F.interpolate: (n, c, h, w) -> (n, c, oh, ow)."""

    def __init__(self, size=None, scale_factor=None, mode: str = "nearest",
                 align_corners: bool | None = None):
        super().__init__()
        self.size, self.mode, self.align_corners = size, mode, align_corners
        self.scale_factor = tuple(map(float, scale_factor)) if isinstance(
            scale_factor, tuple | list) else scale_factor and float(scale_factor)

    def forward(self, input):
        return F.interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners)

    def extra_repr(self):
        what = "size" if self.scale_factor is None else "scale_factor"
        return f"{what}={getattr(self, what)}, mode={self.mode!r}"


class Unfold(Module):
    """The windows of images, a column each, as F.unfold."""

    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, input):
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self):
        return (f"kernel_size={self.kernel_size}, dilation={self.dilation}, "
                f"padding={self.padding}, stride={self.stride}")


class ZeroPad2d(Module):
    """Zeros around images: a number, or (left, right, top, bottom)."""

    mode = "constant"

    def __init__(self, padding):
        super().__init__()
        self.padding = tuple(padding) if isinstance(padding, tuple | list) else (padding,) * 4

    def forward(self, input):
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self):
        return f"{self.padding}"


class ReflectionPad2d(ZeroPad2d):
    """The images' own pixels around them, as in a mirror."""

    mode = "reflect"


class ReplicationPad2d(ZeroPad2d):
    """The images' outermost pixels, repeated around them."""

    mode = "replicate"


class ConstantPad2d(ZeroPad2d):
    """The number `value` around images."""

    def __init__(self, padding, value: float):
        super().__init__(padding)
        self.value = value

    def forward(self, input):
        return F.pad(input, self.padding, value=self.value)

    def extra_repr(self):
        return f"padding={self.padding}, value={self.value}"


class PixelShuffle(Module):
    """Channels become pixels: (n, c r^2, h, w) -> (n, c, h r, w r)."""

    def __init__(self, upscale_factor: int):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input):
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self):
        return f"upscale_factor={self.upscale_factor}"
