"""The languages that are read by their grammar: which files they are, and what the types of their nodes stand for.

Everything that differs between languages is in these tables; nothing else names one.
"""

import ctypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a triage without diffs does not load it
    from tree_sitter import Parser


DEEPEST_TREE = 100  # levels of a fragment
_LISTED = re.compile(r"[-?:]\s+(?=[-?:]\s)")


class Form(StrEnum):
    """What a node does, in any language."""

    CALL = "call"
    SETTING = "setting"  # a name that is given a value
    GUARD = "guard"  # a condition, and what follows
    SAFE = "safe"  # touches what may be missing without harm
    HANDLER = "handler"
    LOOP = "loop"
    SCOPE = "scope"  # what is taken is given back at its end
    FINALLY = "finally"
    THROW = "throw"
    MARK = "mark"  # an annotation, a decorator, a modifier
    CASE = "case"
    FIELD = "field"
    TEXT = "text"
    SPAWN = "spawn"
    LATER = "later"  # defer
    FUNCTION = "function"
    BLOCK = "block"  # a named part of a configuration
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language: where its grammar is, how its files are called, and how a fragment of it is made whole."""

    module: str
    files: str  # the end of a file's name
    maker: str = "language"
    indented: bool = False  # blocks are determined by how far in they stand
    hash_comments: bool = False
    group: tuple[str, str] = ("{", "}")  # around lines that are members of something
    cases: str = ""  # before cases whose switch is not in the fragment
    stub: str = ""  # what an annotation at the end is about


GRAMMARS: tuple[Grammar, ...] = (
    Grammar("tree_sitter_go", "go", group=("_ = _{", "}"), cases="switch _ {"),
    Grammar("tree_sitter_java", "java", group=("_(", ");"), cases="switch (_) {", stub="void _() {}"),
    Grammar("tree_sitter_python", "pyi?", indented=True, hash_comments=True, group=("_ = {", "}"), cases="match _:", stub="def _(): pass"),
    Grammar("tree_sitter_typescript", "tsx|ts|mts|cts", "language_tsx", group=("_({", "})"), cases="switch (_) {"),
    Grammar("tree_sitter_javascript", "js|jsx|mjs|cjs", group=("_({", "})"), cases="switch (_) {"),
    Grammar("tree_sitter_c_sharp", "cs", group=("_ = new _ {", "};"), cases="switch (_) {", stub="void _() {}"),
    Grammar("tree_sitter_ruby", "rb|rake", hash_comments=True, group=("_(", ")"), cases="case _"),
    Grammar("tree_sitter_php", "php", "language_php_only", group=("_([", "]);"), cases="switch (_) {", stub="function _() {}"),
    Grammar("tree_sitter_kotlin", "kts?", group=("_(", ")"), cases="when (_) {", stub="fun _() {}"),
    Grammar("tree_sitter_rust", "rs", group=("match _ {", "}"), cases="match _ {", stub="fn _() {}"),
    Grammar("tree_sitter_yaml", "ya?ml", indented=True, hash_comments=True),
    Grammar("tree_sitter_hcl", "hcl|tf|tfvars", hash_comments=True),
    Grammar("tree_sitter_dockerfile", r"Dockerfile(\.\w+)?", hash_comments=True),
    Grammar("tree_sitter_json", "json5?|avsc"),
    Grammar("tree_sitter_toml", "toml", hash_comments=True),
)  # fmt: skip
_OF_FORM: tuple[tuple[Form, str], ...] = (
    (Form.CALL, "call call_expression method_invocation invocation_expression function_call_expression member_call_expression nullsafe_member_call_expression scoped_call_expression object_creation_expression new_expression macro_invocation type_conversion_expression implicit_object_creation_expression explicit_constructor_invocation method_reference"),
    (Form.SETTING, "assignment assignment_expression short_var_declaration variable_declarator let_declaration const_item static_item const_spec var_spec pair flow_pair block_mapping_pair keyword_argument default_parameter typed_default_parameter optional_parameter element_value_pair keyed_element array_element_initializer attribute property_declaration const_element property_element labeled_statement env_pair arg_instruction assignment_statement field_initializer value_argument argument named_argument attribute_argument required_parameter parameter annotation_named_argument local_variable_declaration"),
    (Form.GUARD, "if_statement if_expression if unless if_modifier unless_modifier elif_clause elsif guard_statement conditional_expression ternary_expression conditional else_if_clause"),
    (Form.SAFE, "optional_chain conditional_access_expression nullsafe_member_access_expression nullsafe_member_call_expression try_expression"),
    (Form.HANDLER, "catch_clause except_clause rescue catch_block rescue_modifier"),
    (Form.LOOP, "for_statement for_in_statement for_expression while_statement while_expression loop_expression enhanced_for_statement foreach_statement while for until do_statement do_while_statement list_comprehension generator_expression set_comprehension dictionary_comprehension while_modifier until_modifier"),
    (Form.SCOPE, "with_item using_statement resource lock_statement synchronized_statement"),
    (Form.FINALLY, "finally_clause ensure finally_block"),
    (Form.THROW, "throw_statement throw_expression raise_statement"),
    (Form.MARK, "decorator annotation marker_annotation attribute_item attribute_group"),
    (Form.CASE, "switch_case expression_case type_case switch_label when_entry match_arm case_clause when switch_section case_statement match_conditional_expression communication_case switch_expression_arm"),
    (Form.FIELD, "property_signature field_declaration public_field_definition message_field"),
    (Form.TEXT, "string string_literal interpreted_string_literal raw_string_literal template_string verbatim_string_literal encapsed_string interpolated_string_expression raw_string heredoc multiline_string_literal"),
    (Form.SPAWN, "go_statement"),
    (Form.LATER, "defer_statement"),
    (Form.FUNCTION, "function_definition function_declaration method_declaration method constructor_declaration function_item method_definition local_function_statement singleton_method func_literal"),
    (Form.BLOCK, "block"),
    (Form.COMMENT, "comment line_comment block_comment multiline_comment"),
)  # fmt: skip
FORMS: Mapping[str, Form] = {kind: form for form, kinds in _OF_FORM for kind in kinds.split()}
ARGUMENTS = frozenset([
    "argument_list", "arguments", "value_arguments", "token_tree", "annotation_argument_list",
    "attribute_argument_list", "operand",
])  # fmt: skip
LAMBDAS = frozenset([
    "lambda", "arrow_function", "lambda_expression", "annotated_lambda", "lambda_literal", "closure_expression",
    "do_block", "block", "func_literal", "anonymous_function", "function_expression", "anonymous_method_expression",
])  # fmt: skip
LEAVES = frozenset([
    "return", "return_statement", "return_expression", "throw_statement", "throw_expression", "raise_statement",
    "continue_statement", "break_statement", "continue", "break", "next", "continue_expression", "break_expression",
    "jump_expression", "exit_statement",
])  # fmt: skip
NAMED_GRAMMARS = frozenset(
    ["identifier", "variable_name", "constant", "name", "simple_identifier"]
)  # of a variable, or of a member


def fits(texts: Iterable[str]) -> bool:
    """Whether lines are nested no deeper than every grammar bears: that of YAML ends the process at some 250 levels."""
    depths, listed = set[int](), 0
    for text in texts:
        depths.add(len(text) - len(text.lstrip()))
        listed += len(_LISTED.findall(text))
    return len(depths) + listed <= DEEPEST_TREE


@cache
def grammar_of(path: str) -> Grammar | None:
    """The language of a file by its name; None where no grammar is known."""
    name = path.rsplit("/", 1)[-1]
    return next((g for g in GRAMMARS if re.search(rf"(^|\.)({g.files})$", name)), None)


@cache
def parser_of(grammar: Grammar) -> "Parser":
    """A parser of a language, made once."""
    from tree_sitter import Language, Parser  # noqa: PLC0415

    pointer = getattr(import_module(grammar.module), grammar.maker)()
    return Parser(Language(_capsule(pointer) if isinstance(pointer, int) else pointer))


def _capsule(pointer: int) -> object:
    """The address of a language as the object that newer grammars hand over themselves."""
    make = ctypes.pythonapi.PyCapsule_New
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return make(pointer, b"tree_sitter.Language", None)
