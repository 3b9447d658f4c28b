"""The ecosystem's own tests of a Jupyter kernel (jupyter_kernel_test), asked of a forked one."""

from __future__ import annotations

from typing import ClassVar

import jupyter_kernel_test
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from senco_kit.kernels.forked_process import ForkedProcess


class TestForkedKernel(jupyter_kernel_test.KernelTests):  # type: ignore[misc]
    kernel_name = "python3"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples: ClassVar = [{"text": "zi", "matches": {"zip"}}, {"text": "impo", "matches": {"import"}}]
    complete_code_samples: ClassVar = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n"]
    incomplete_code_samples: ClassVar = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples: ClassVar = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result: ClassVar = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
    ]
    code_display_data: ClassVar = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
        {"code": "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()", "mime": "image/png"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"

    @classmethod
    def setUpClass(cls) -> None:
        factory = KernelProvisionerFactory.instance()
        usual, factory.default_provisioner_name = factory.default_provisioner_name, "senco-fork"
        try:
            super().setUpClass()
        finally:
            factory.default_provisioner_name = usual
        assert isinstance(cls.km.provisioner.process, ForkedProcess)
